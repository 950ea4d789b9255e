//! Rust source as the few kinds of token that imports and modules are read from.

use std::iter::Peekable;
use std::str::Chars;

/// A piece of source that is not a comment, a string, a character or a lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Word(String),
    /// `::`
    Path,
    /// Any other character.
    Sign(char),
}

/// A token and the line it stands on, counted from 1.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

impl Token {
    /// The name, if it is one.
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Path | Kind::Sign(_) => None,
        }
    }

    /// Whether it is this character.
    pub(crate) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Cuts `source` into tokens.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { chars: source.chars().peekable(), line: 1, out: Vec::new() };
    while let Some(char) = reader.next() {
        reader.token(char);
    }
    reader.out
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
    out: Vec<Token>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let char = self.chars.next();
        self.line += usize::from(char == Some('\n'));
        char
    }

    fn next_is(&mut self, char: char) -> bool {
        self.chars.peek() == Some(&char)
    }

    fn push(&mut self, kind: Kind) {
        self.out.push(Token { kind, line: self.line });
    }

    fn token(&mut self, first: char) {
        match first {
            '/' if self.next_is('/') => while self.next().is_some_and(|char| char != '\n') {},
            '/' if self.next_is('*') => self.block_comment(),
            '"' => self.string(),
            '\'' => self.char_or_lifetime(),
            ':' if self.next_is(':') => {
                self.next();
                self.push(Kind::Path);
            }
            char if is_word(char) => self.word(char),
            char if char.is_whitespace() => {}
            char => self.push(Kind::Sign(char)),
        }
    }

    fn block_comment(&mut self) {
        self.next();
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some('*') if self.next_is('/') => {
                    self.next();
                    depth -= 1;
                }
                Some('/') if self.next_is('*') => {
                    self.next();
                    depth += 1;
                }
                Some(_) => {}
                None => return,
            }
        }
    }

    fn string(&mut self) {
        while let Some(char) = self.next() {
            match char {
                '\\' => {
                    self.next();
                }
                '"' => return,
                _ => {}
            }
        }
    }

    fn raw_string(&mut self) {
        let mut hashes = 0;
        while self.next_is('#') {
            self.next();
            hashes += 1;
        }
        self.next();
        while let Some(char) = self.next() {
            let mut seen = 0;
            while char == '"' && seen < hashes && self.next_is('#') {
                self.next();
                seen += 1;
            }
            if char == '"' && seen == hashes {
                return;
            }
        }
    }

    /// After a `'`: `x'` and `\n'` are characters, everything else is a lifetime.
    fn char_or_lifetime(&mut self) {
        let mut ahead = self.chars.clone();
        let (first, second) = (ahead.next(), ahead.next());
        if first == Some('\\') {
            self.next();
            self.next();
            while self.next().is_some_and(|char| char != '\'') {}
        } else if second == Some('\'') {
            self.next();
            self.next();
        }
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(&char) = self.chars.peek().filter(|char| is_word(**char)) {
            word.push(char);
            self.next();
        }
        match word.as_str() {
            "b" | "c" if self.next_is('"') => {
                self.next();
                self.string();
            }
            "r" | "br" | "cr" if self.next_is('"') || self.raw_string_follows() => self.raw_string(),
            _ => self.push(Kind::Word(word)),
        }
    }

    /// Whether `#"` follows, with any number of hashes: `r#type` is a name.
    fn raw_string_follows(&mut self) -> bool {
        self.next_is('#') && self.chars.clone().find(|char| *char != '#') == Some('"')
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

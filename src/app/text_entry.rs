//! Keys that edit a line of text.

use tui_input::{Input, InputRequest};

use crate::actions::{Code, Key};

/// Lets `key` edit `input`. Says whether it was an editing key.
pub(super) fn edit(input: &mut Input, key: Key) -> bool {
    let Some(request) = request(key) else { return false };
    input.handle(request);
    true
}

/// The most characters that are pasted at once: no field of the API takes as many.
const LONGEST_PASTE: usize = 2_000;

/// Puts `text` in at the cursor; line breaks become spaces.
pub(super) fn paste(input: &mut Input, text: &str) {
    let pasted: String = text
        .trim_end_matches(['\r', '\n'])
        .chars()
        .take(LONGEST_PASTE)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let (head, tail): (Vec<char>, Vec<char>) = {
        let all: Vec<char> = input.value().chars().collect();
        let (head, tail) = all.split_at(input.cursor().min(all.len()));
        (head.to_vec(), tail.to_vec())
    };
    let cursor = head.len() + pasted.chars().count();
    let value: String = head.into_iter().chain(pasted.chars()).chain(tail).collect();
    *input = Input::new(value).with_cursor(cursor);
}

fn request(key: Key) -> Option<InputRequest> {
    use InputRequest as R;

    Some(match (key.code, key.ctrl, key.alt) {
        (Code::Char(c), false, false) => R::InsertChar(c),
        (Code::Backspace, false, false) | (Code::Char('h'), true, false) => R::DeletePrevChar,
        (Code::Delete, false, false) | (Code::Char('d'), true, false) => R::DeleteNextChar,
        (Code::Left, false, false) => R::GoToPrevChar,
        (Code::Right, false, false) => R::GoToNextChar,
        (Code::Left, true, false) | (Code::Char('b'), false, true) => R::GoToPrevWord,
        (Code::Right, true, false) | (Code::Char('f'), false, true) => R::GoToNextWord,
        (Code::Home, _, false) | (Code::Char('a'), true, false) => R::GoToStart,
        (Code::End, _, false) | (Code::Char('e'), true, false) => R::GoToEnd,
        (Code::Char('w'), true, false) | (Code::Backspace, false, true) => R::DeletePrevWord,
        (Code::Char('u'), true, false) => R::DeleteLine,
        (Code::Char('k'), true, false) => R::DeleteTillEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_and_others_do_not() {
        let mut input = Input::default();
        for c in "jén".chars() {
            assert!(edit(&mut input, Key::char(c)));
        }
        edit(&mut input, Key::plain(Code::Left));
        edit(&mut input, Key::plain(Code::Backspace));
        assert_eq!(input.value(), "jn");
        assert!(!edit(&mut input, Key::plain(Code::Enter)));
        edit(&mut input, Key::ctrl('u'));
        paste(&mut input, "two\nlines\r\n");
        assert_eq!(input.value(), "two lines");
        edit(&mut input, Key::plain(Code::Home));
        paste(&mut input, "é ");
        edit(&mut input, Key::char('x'));
        assert_eq!(input.value(), "é xtwo lines");
    }
}

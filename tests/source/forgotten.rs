//! No test is forgotten: every file in `tests/` is a module of one of the few test binaries.
//!
//! Cargo takes `tests/NAME.rs` and `tests/NAME/main.rs` for a binary by itself, and compiles nothing that no `mod` leads
//! to. The first test reads `tests/`; the others show that a forgotten file is found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::rust_files;
use crate::tokens::{Kind, Token, tokens};

/// The test binaries. Each one is linked with everything, which takes longer than to run it: another idea is another
/// module of one of them.
const BINARIES: [&str; 4] = ["commands", "dashboard", "sandbox", "source"];

/// How many there may be.
const MOST: usize = 4;

/// What else is in `tests/`: modules of the binaries, checks with other tools, and what earlier versions wrote.
const OTHERS: [&str; 3] = ["extra", "fixtures", "support"];

#[test]
fn every_test_file_belongs_to_one_of_the_binaries() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(package.join("Cargo.toml")).expect("the manifest");
    assert!(!manifest.contains("[[test]]"), "a test binary is a folder in tests/; Cargo.toml names none");
    let found = complaints(&package.join("tests"), &BINARIES).expect("tests/ can be read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What is wrong in this folder of tests, if its binaries are to be `expected`.
fn complaints(tests: &Path, expected: &[&str]) -> io::Result<Vec<String>> {
    let mains = mains(tests)?;
    let mut found = Vec::new();
    if mains.len() > MOST {
        found.push(format!("{} test binaries, {MOST} at most", mains.len()));
    }
    let names: BTreeSet<String> = mains.iter().map(|main| binary_name(tests, main)).collect();
    for name in &names {
        if !expected.contains(&name.as_str()) {
            found.push(format!("{name} is a test binary of its own"));
        }
    }
    for name in expected.iter().filter(|name| !names.contains(**name)) {
        found.push(format!("there is no test binary {name}"));
    }
    let mut reached = BTreeSet::new();
    for main in mains {
        found.extend(follow(main, &mut reached)?);
    }
    let extra = tests.join("extra");
    for file in rust_files(tests)?.iter().filter(|file| !file.starts_with(&extra)) {
        if !reached.contains(file) {
            found.push(format!("no mod leads to {}", below(tests, file)));
        }
    }
    for entry in fs::read_dir(tests)? {
        let path = entry?.path();
        let name = below(tests, &path);
        if path.is_dir() && !names.contains(&name) && !OTHERS.contains(&name.as_str()) {
            found.push(format!("{name}/ belongs to no test binary"));
        }
    }
    found.sort();
    Ok(found)
}

/// The files that Cargo takes for test binaries.
fn mains(tests: &Path) -> io::Result<Vec<PathBuf>> {
    let mut mains = Vec::new();
    for entry in fs::read_dir(tests)? {
        let path = entry?.path();
        let main = path.join("main.rs");
        if main.is_file() {
            mains.push(main);
        } else if path.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
            mains.push(path);
        }
    }
    Ok(mains)
}

fn binary_name(tests: &Path, main: &Path) -> String {
    let name = below(tests, main);
    name.strip_suffix("/main.rs").or_else(|| name.strip_suffix(".rs")).unwrap_or(&name).to_owned()
}

fn below(tests: &Path, path: &Path) -> String {
    path.strip_prefix(tests).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Adds `main` and every file that its modules lead to. Complains of modules without a file.
fn follow(main: PathBuf, reached: &mut BTreeSet<PathBuf>) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut files = vec![main];
    while let Some(file) = files.pop() {
        if !reached.insert(file.clone()) {
            continue;
        }
        for module in modules(&fs::read_to_string(&file)?) {
            let places = module.places(&file);
            match places.iter().find(|place| place.is_file()) {
                Some(place) => files.push(place.clone()),
                None => found.push(format!("{}: no file for mod {}", file.display(), module.name)),
            }
        }
    }
    Ok(found)
}

/// `mod NAME;`
#[derive(Debug, PartialEq, Eq)]
struct Module {
    name: String,
    /// What `#[path]` says.
    path: Option<String>,
}

impl Module {
    /// Where its file may be, if it is declared in `file`.
    fn places(&self, file: &Path) -> Vec<PathBuf> {
        let folder = file.parent().unwrap_or(Path::new(""));
        if let Some(path) = &self.path {
            return vec![plain(&folder.join(path))];
        }
        let stem = file.file_stem().unwrap_or_default();
        let is_root =
            stem == "main" || stem == "mod" || folder.file_name().is_some_and(|name| name == "tests");
        let folder = if is_root { folder.to_owned() } else { folder.join(stem) };
        vec![folder.join(format!("{}.rs", self.name)), folder.join(&self.name).join("mod.rs")]
    }
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path {
        if part == ".." {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// The modules that a source declares and does not hold itself.
fn modules(source: &str) -> Vec<Module> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let [keyword, name, end] = [at, at + 1, at + 2].map(|at| tokens.get(at));
        let name = name.and_then(Token::word);
        if keyword.and_then(Token::word) != Some("mod") || !end.is_some_and(|end| end.is(';')) {
            continue;
        }
        let Some(name) = name else { continue };
        let path = is_placed(&tokens[..at]).then(|| path_before(source, tokens[at].line)).flatten();
        found.push(Module { name: name.to_owned(), path });
    }
    found
}

/// Whether `#[path = …]` stands right before the end of these tokens. Strings are no tokens.
fn is_placed(before: &[Token]) -> bool {
    let attribute =
        [Kind::Sign('#'), Kind::Sign('['), Kind::Word("path".into()), Kind::Sign('='), Kind::Sign(']')];
    let kinds: Vec<Kind> = before.iter().map(|token| token.kind.clone()).collect();
    kinds.ends_with(&attribute)
}

/// The text between the quotation marks in the line before `line`.
fn path_before(source: &str, line: usize) -> Option<String> {
    source.lines().nth(line.checked_sub(2)?)?.split('"').nth(1).map(str::to_owned)
}

/// Makes a folder of tests from paths and sources, and complains of it.
fn complain(files: &[(&str, &str)], expected: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let tests = folder.path().join("tests");
    for (path, source) in files {
        let path = tests.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, source).expect("a file");
    }
    let found = complaints(&tests, expected).expect("it can be read");
    found.into_iter().map(|line| line.replace(&format!("{}/", tests.display()), "")).collect()
}

const SUPPORT: &str = "#[path = \"../support/mod.rs\"]\nmod support;\n";

#[test]
fn a_file_without_its_mod_is_found() {
    let main = format!("mod api;\n{SUPPORT}");
    let mut files = vec![
        ("one/main.rs", main.as_str()),
        ("one/api/mod.rs", "mod lists;\n#[cfg(unix)]\nmod keys;"),
        ("one/api/lists.rs", ""),
        ("one/api/keys.rs", "mod below;"),
        ("one/api/keys/below.rs", ""),
        ("support/mod.rs", "pub(crate) mod http;"),
        ("support/http.rs", ""),
        ("extra/rust/src/main.rs", "mod nowhere;"),
    ];
    assert_eq!(complain(&files, &["one"]), [""; 0]);
    files.extend([
        ("one/api/pages.rs", ""),
        ("one/lists.rs", "// mod lists;"),
        ("support/wire.rs", ""),
        ("stray/notes.rs", ""),
    ]);
    assert_eq!(
        complain(&files, &["one"]),
        [
            "no mod leads to one/api/pages.rs",
            "no mod leads to one/lists.rs",
            "no mod leads to stray/notes.rs",
            "no mod leads to support/wire.rs",
            "stray/ belongs to no test binary",
        ]
    );
}

#[test]
fn another_binary_is_found() {
    let files = [("one/main.rs", "mod api;"), ("one/api.rs", "const A: &str = \"mod b;\";"), ("two.rs", "")];
    assert_eq!(complain(&files, &["one"]), ["two is a test binary of its own"]);
    assert_eq!(complain(&files, &["one", "two", "three"]), ["there is no test binary three"]);
    let five = ["a.rs", "b.rs", "c.rs", "d.rs", "e/main.rs"].map(|path| (path, ""));
    assert_eq!(complain(&five, &["a", "b", "c", "d", "e"]), ["5 test binaries, 4 at most"]);
}

#[test]
fn a_module_without_a_file_is_found() {
    let files = [("one/main.rs", "mod api;\nmod inline { fn f() {} }")];
    assert_eq!(complain(&files, &["one"]), ["one/main.rs: no file for mod api"]);
}

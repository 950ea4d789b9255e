//! Keeps the floor plan of `ARCHITECTURE.md`: a room imports only from floors below it, and some names stay out
//! of some rooms. The first test reads `src/`; the others show that the reader can see a breach.

mod plan;

use std::fs;
use std::path::Path;

use plan::breaches;

use crate::rust_files;

#[test]
fn every_room_imports_only_from_floors_below() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src).unwrap();
    assert!(files.iter().any(|file| file.ends_with("lib.rs")), "src/ was not read");
    let found: Vec<_> = files
        .iter()
        .flat_map(|path| {
            let file = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            breaches(&file, &fs::read_to_string(path).unwrap())
        })
        .map(|breach| breach.to_string())
        .collect();
    assert!(found.is_empty(), "the floor plan is broken:\n{}", found.join("\n"));
}

/// The lines and messages of the breaches in a source.
fn found(file: &str, source: &str) -> Vec<String> {
    breaches(file, source).into_iter().map(|breach| format!("{}: {}", breach.line, breach.what)).collect()
}

#[test]
fn sees_an_import_that_goes_up() {
    assert_eq!(
        found("identity/mod.rs", "//! Words.\n\nuse crate::ui::Frame;\n"),
        ["3: identity (floor 1) imports ui (floor 5)"]
    );
}

#[test]
fn names_file_and_line() {
    let breach = &breaches("catalog/rows.rs", "use crate::app::Model;")[0];
    assert_eq!(breach.to_string(), "src/catalog/rows.rs:1: catalog (floor 3) imports app (floor 4)");
}

#[test]
fn sees_neighbours_on_one_floor() {
    assert_eq!(
        found("client/mod.rs", "use crate::sandbox::Store;"),
        ["1: client (floor 3) imports sandbox (floor 3)"]
    );
    assert_eq!(found("privacy.rs", "use crate::text::Clean;"), [""; 0]);
    assert_eq!(found("text.rs", "use crate::privacy::Pii;"), ["1: text (floor 0) imports privacy (floor 0)"]);
}

#[test]
fn sees_groups_inline_paths_and_the_crate_by_name() {
    let source = "use crate::{\n    text::{Clean, cut},\n    worker::Job,\n};\nfn f() -> crate::ui::Page { vetty::cli::run() }";
    assert_eq!(
        found("app/mod.rs", source),
        [
            "3: app (floor 4) imports worker (floor 5)",
            "5: app (floor 4) imports cli (floor 7)",
            "5: app (floor 4) imports ui (floor 5)",
        ]
    );
}

#[test]
fn sees_super_climbing_out_of_a_room() {
    let up = ["1: app (floor 4) imports ui (floor 5)"];
    assert_eq!(found("app/mod.rs", "use super::ui::Page;"), up);
    assert_eq!(found("app/keys.rs", "use super::super::ui::Page;"), up);
    assert_eq!(found("app/keys.rs", "mod tests { use super::super::super::ui::Page; }"), up);
    assert_eq!(
        found("app/keys.rs", "use super::ui::Page; mod tests { use super::super::ui::Page; }"),
        [""; 0]
    );
}

#[test]
fn sees_the_root_used_as_a_way_around() {
    assert_eq!(
        found("app/mod.rs", "use crate::*;"),
        ["1: app (floor 4) reaches * in the crate root, which is no room"]
    );
    assert_eq!(
        found("lib.rs", "pub use ui::Page;"),
        ["1: lib.rs names the rooms and imports or re-exports nothing"]
    );
    assert_eq!(found("attic/mod.rs", ""), ["1: room attic has no floor"]);
}

#[test]
fn ignores_comments_strings_and_lifetimes() {
    let source = r##"
        //! See crate::ui.
        /* crate::ui /* crate::ui */ crate::ui */
        const A: &str = "crate::ui \" crate::ui";
        const B: &str = r#"crate::ui " crate::ui"#;
        const C: (char, char) = ('"', '\'');
        fn f<'a>(x: &'a str) -> &'a str { x }
    "##;
    assert_eq!(found("app/mod.rs", source), [""; 0]);
}

#[test]
fn sees_what_a_pure_room_must_never_name() {
    let source =
        "use tokio::sync::mpsc;\nuse std::{fs, io};\nfn f() { let now = Instant::now(); }\nlet rand = 1;";
    assert_eq!(
        found("app/mod.rs", source),
        [
            "1: app names tokio, and app is to be pure",
            "2: app names std::fs, and app is to be pure",
            "3: app names ::now, and app is to be pure",
        ]
    );
    assert_eq!(found("worker/mod.rs", source), [""; 0]);
}

#[test]
fn sees_names_outside_their_rooms() {
    assert_eq!(
        found("worker/mod.rs", "use reqwest::Client;\nfn f() { println!(\"x\"); }\nuse ratatui;"),
        [
            "1: worker names reqwest, and worker is not the room for it",
            "2: worker names println!, and worker is not the room for it",
            "3: worker names ratatui, and worker is not the room for it",
        ]
    );
    assert_eq!(found("client/mod.rs", "use reqwest::Client;"), [""; 0]);
    assert_eq!(found("cli/mod.rs", "fn f() { println!(\"x\"); }"), [""; 0]);
}

#[test]
fn sees_dates_outside_of_the_clock() {
    let source = "use jiff::Timestamp;\nfn f() -> i64 { jiff::Timestamp::UNIX_EPOCH.as_second() }";
    let breach = |line, room| format!("{line}: {room} names jiff, and {room} is not the room for it");
    for (file, room) in
        [("cli/audit/mod.rs", "cli"), ("sandbox/clock.rs", "sandbox"), ("journal/entry.rs", "journal")]
    {
        assert_eq!(found(file, source), [breach(1, room), breach(2, room)]);
    }
    for file in ["clock/wall.rs", "cli/moment.rs", "sandbox/people/person.rs"] {
        assert_eq!(found(file, source), [""; 0]);
    }
}

#[test]
fn tests_are_free_in_names_but_not_in_floors() {
    let source =
        "#[cfg(test)]\nmod tests {\n    use tokio::time;\n    use crate::ui::Page;\n}\nuse tokio::sync;";
    assert_eq!(
        found("app/mod.rs", source),
        ["4: app (floor 4) imports ui (floor 5)", "6: app names tokio, and app is to be pure"]
    );
    assert_eq!(found("app/tests.rs", "use tokio::time;\nuse crate::ui::Page;").len(), 1);
}

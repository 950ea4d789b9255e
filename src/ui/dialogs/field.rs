//! A line of text that is being typed, and where its cursor stands.

use tui_input::Input;

use crate::text::{clean, is_combining, width};

/// The part of `input` that `columns` show with its cursor among them, and the cursor's column.
///
/// What was pasted passes through [`clean`] on its way to the screen, so the columns are counted here.
pub(super) fn window(input: &Input, columns: usize) -> (String, usize) {
    let value = input.value();
    let at = value.char_indices().nth(input.cursor()).map_or(value.len(), |(at, _)| at);
    let before = clean(&value[..at]).into_owned();
    let after = clean(&value[at..]).into_owned();
    // The cursor may stand behind the last character, so it needs a column of its own.
    let room = columns.max(1) - 1;
    let mut from = 0;
    let mut cursor = width(&before);
    for c in before.chars() {
        if cursor <= room && !is_combining(c) {
            break;
        }
        from += c.len_utf8();
        cursor = width(&before[from..]);
    }
    let mut text = before[from..].to_owned();
    let mut used = cursor;
    for c in after.chars() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > columns {
            break;
        }
        text.push(c);
    }
    (text, cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_always_among_what_is_shown() {
        let input = Input::new("abcdefgh".into());
        assert_eq!(window(&input, 20), ("abcdefgh".into(), 8));
        assert_eq!(window(&input, 5), ("efgh".into(), 4));
        assert_eq!(window(&input.clone().with_cursor(0), 5), ("abcde".into(), 0));
        assert_eq!(window(&Input::new("王小明".into()), 5), ("小明".into(), 4));
        assert_eq!(window(&Input::default(), 0), (String::new(), 0));
    }

    #[test]
    fn pasted_controls_are_marks() {
        let (text, cursor) = window(&Input::new("a\u{202e}b".into()), 20);
        assert_eq!((text.as_str(), cursor), ("a<U+202E>b", 10));
    }
}

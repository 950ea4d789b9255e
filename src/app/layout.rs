//! Letters of keyboard layouts that are not Latin: which key they stand on, so that somebody who presses one for an
//! action is told how to bind it.

use crate::actions::{Action, Key, Keymap, Scope};

use super::notice::{Level, Notice};

/// A layout by its name: its letters, and the Latin ones of the same keys.
const LAYOUTS: [(&str, &str, &str); 3] = [
    ("Cyrillic", "йцукенгшщзхъфывапролджэячсмитьбюіїє", "qwertyuiop[]asdfghjkl;'zxcvbnm,.s]'"),
    ("Greek", "ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("Hebrew", "קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),
];

/// What to say of a letter that does nothing; `None` where it is Latin, or no letter.
pub(super) fn hint(key: Key, keymap: &Keymap) -> Option<Notice> {
    let letter = key.typed().filter(|c| c.is_alphabetic() && !is_latin(*c))?;
    let known = latin(letter);
    let advice = match known.and_then(|(_, latin)| setting(letter, latin, keymap)) {
        Some(setting) => format!(": {setting} in [keys]"),
        None => ", bind its letters under [keys]".to_owned(),
    };
    let layout = known.map_or_else(|| "another".to_owned(), |(layout, _)| format!("a {layout}"));
    Some(Notice::new(Level::Info, format!("{letter} is not bound; with {layout} layout{advice}")))
}

fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The layout that has `letter`, and the Latin one of its key.
fn latin(letter: char) -> Option<(&'static str, char)> {
    let small = letter.to_lowercase().next()?;
    let (name, latin) = LAYOUTS.iter().find_map(|(name, letters, latin)| {
        letters.chars().zip(latin.chars()).find(|(own, _)| *own == small).map(|(_, latin)| (*name, latin))
    })?;
    Some((name, if letter.is_uppercase() { latin.to_ascii_uppercase() } else { latin }))
}

/// The line of the settings that binds `letter` too to what its key does.
fn setting(letter: char, latin: char, keymap: &Keymap) -> Option<String> {
    let action: Action = keymap.action(Scope::Desk, Key::char(latin))?;
    let keys = keymap.keys(action).iter().map(ToString::to_string).chain([letter.to_string()]);
    let keys: Vec<String> = keys.map(|key| format!("{key:?}")).collect();
    Some(format!("{} = [{}]", action.spec().id, keys.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(c: char) -> Option<String> {
        hint(Key::char(c), &Keymap::default()).map(|notice| notice.text)
    }

    #[test]
    fn a_letter_that_does_nothing_is_told_how_to_bind_it() {
        let text = said('о').expect("a hint");
        let setting = text.strip_prefix("о is not bound; with a Cyrillic layout: ");
        let setting = setting.and_then(|rest| rest.strip_suffix(" in [keys]")).expect("a setting");
        let keys = toml::from_str(setting).expect("TOML");
        let keymap = Keymap::with(&keys).expect("a setting that is right");
        assert_eq!(keymap.action(Scope::Desk, Key::char('о')), Some(Action::Down));
        assert_eq!(keymap.action(Scope::Desk, Key::char('j')), Some(Action::Down));
        assert!(said('Ч').is_some_and(|text| text.contains("redact = ")), "the key of X");
        assert!(said('あ').is_some() && said('ξ').is_some());
        assert!(['é', 'Z', '%', '7'].iter().all(|c| said(*c).is_none()));
    }

    #[test]
    fn each_letter_stands_on_one_key() {
        for (name, letters, latin) in LAYOUTS {
            assert_eq!(letters.chars().count(), latin.chars().count(), "{name}");
        }
    }
}

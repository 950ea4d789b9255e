//! Secrets and personal data as types. Floor 0: everybody may import it.
//!
//! [`Secret`] holds what opens something (keys, `client_secret`, `url`). [`Pii`] holds what tells something of a
//! person. Neither can be displayed or serialized, and their `Debug` prints dots: whoever wants to see the value
//! has to say so, through [`Pii::show`] with a [`Sight`] or through [`Secret::expose`], and this module is the only
//! place that decides what a masked value looks like. [`FreeText`] holds what may tell something, or not: whether it
//! does is judged when it is shown. What others wrote about a request (errors, headers) passes a
//! [`Scrubber`] before anybody sees it.

mod free;
mod scrub;

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use unicode_segmentation::UnicodeSegmentation as _;
use zeroize::Zeroize as _;

use crate::text::{Clean, width};
pub use free::{FreeText, Lens, PersonalKeys, is_mask, masked, without_personal};
pub use scrub::{Scrubbed, Scrubber, brief, hide_secrets};

/// What stands for a hidden value.
pub const DOTS: &str = "••••";

/// What the API writes over personal text when an object is redacted.
pub const REDACTED: &str = "[redacted]";

/// A key, token or single-use link. Zeroed when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the secret over.
    #[must_use]
    pub fn new(mut value: String) -> Self {
        // A buffer with room to spare would be copied into a smaller one, and the longer one left as it is.
        let secret = SecretString::from(Box::<str>::from(value.as_str()));
        value.zeroize();
        Self(secret)
    }

    /// The secret itself. Call it at the last moment, and keep no copy.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Whether personal data is to be hidden or shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// Show the shape of the value and nothing of its content.
    #[default]
    Masked,
    /// Show the value: somebody asked for it.
    Revealed,
}

/// A value that tells something of a person: how it reads, and how it reads masked.
pub trait Personal {
    /// The value as a person reads it.
    fn plain(&self) -> Cow<'_, str>;

    /// The same, with nothing given away.
    fn masked(&self) -> Cow<'_, str> {
        Cow::Borrowed(DOTS)
    }
}

/// A personal value. `Debug` prints dots; there is no `Display` and no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pii<T>(T);

impl<T: Personal> Pii<T> {
    /// Takes the value under cover.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value as `sight` allows it. A value that the API itself redacted is no secret and reads so.
    pub fn show(&self, sight: Sight) -> Cow<'_, str> {
        match sight {
            Sight::Revealed => self.0.plain(),
            Sight::Masked if self.0.plain() == REDACTED => Cow::Borrowed(REDACTED),
            // A part that there is not, such as the last name of a mononym, has nothing to hide.
            Sight::Masked if self.0.plain().trim().is_empty() => Cow::Borrowed(""),
            Sight::Masked => self.0.masked(),
        }
    }

    /// The value inside, for code that works on it without printing it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pii<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// Defines a personal text with its own way of being masked.
macro_rules! personal_text {
    ($(#[$doc:meta])* $name:ident, $mask:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Clean);

        impl $name {
            /// Cleans `raw` and takes it.
            #[must_use]
            pub fn new(raw: &str) -> Self {
                Self(Clean::new(raw))
            }
        }

        impl Personal for $name {
            fn plain(&self) -> Cow<'_, str> {
                Cow::Borrowed(self.0.as_str())
            }

            fn masked(&self) -> Cow<'_, str> {
                $mask(self.0.as_str())
            }
        }
    };
}

personal_text!(
    /// A first, last or full name: `Jenny Rosen` is masked as `J••• R•••`.
    Name, mask_name
);
personal_text!(
    /// An e-mail address: `jenny@example.com` is masked as `j•••@e•••`.
    Email, mask_email
);
personal_text!(
    /// A phone number: masked but for its last two digits.
    Phone, mask_phone
);
personal_text!(
    /// Any other personal text (numbers, address lines, places): masked whole.
    Detail, mask_whole
);

fn mask_whole(_: &str) -> Cow<'_, str> {
    Cow::Borrowed(DOTS)
}

/// The fewest letters of a word whose first one may be shown.
const TELLING_LETTERS: usize = 3;

/// The first letter of `word` and dots, or dots alone: one letter of a short word, or of a script in which it is a
/// syllable or a word itself, would be too much of it.
fn initial(word: &str) -> String {
    let letters = word.graphemes(true).filter(|part| part.contains(char::is_alphanumeric));
    let first = word.chars().next().filter(|c| c.is_alphanumeric() && width(c.encode_utf8(&mut [0; 4])) == 1);
    match first.filter(|_| letters.count() >= TELLING_LETTERS) {
        Some(first) => format!("{first}•••"),
        None => DOTS.to_owned(),
    }
}

/// First and last initial, and always the same number of dots: the length of a name is a hint too.
fn mask_name(name: &str) -> Cow<'_, str> {
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => Cow::Owned(format!("{} {}", initial(first), initial(last))),
        (Some(only), None) => Cow::Owned(initial(only)),
        _ => Cow::Borrowed(DOTS),
    }
}

fn mask_email(email: &str) -> Cow<'_, str> {
    let Some((user, host)) = email.split_once('@') else { return Cow::Borrowed(DOTS) };
    // The end of a host is no secret, and so no letter of it: `x.de` is as short as its first part.
    let host = host.split('.').next().unwrap_or(host);
    match (user.trim().is_empty(), host.trim().is_empty()) {
        (false, false) => Cow::Owned(format!("{}@{}", initial(user), initial(host))),
        _ => Cow::Borrowed(DOTS),
    }
}

fn mask_phone(phone: &str) -> Cow<'_, str> {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [.., a, b] if digits.len() >= 6 => Cow::Owned(format!("{DOTS} {a}{b}")),
        _ => Cow::Borrowed(DOTS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_dots() {
        let secret = Secret::new("sk_test_abcdefghijkl".into());
        let name = Pii::new(Name::new("Jenny"));
        assert_eq!(format!("{secret:?} {name:?} {:?}", Some(&name)), "•••• •••• Some(••••)");
    }

    #[test]
    fn masks_keep_only_the_shape() {
        let shown = |masked: Cow<'_, str>| masked.into_owned();
        assert_eq!(shown(Pii::new(Name::new("Jenny Rosen")).show(Sight::Masked)), "J••• R•••");
        assert_eq!(shown(Pii::new(Name::new("Ana Maria de Souza")).show(Sight::Masked)), "A••• S•••");
        assert_eq!(shown(Pii::new(Name::new("王 小明")).show(Sight::Masked)), "•••• ••••");
        assert_eq!(shown(Pii::new(Name::new("  ")).show(Sight::Masked)), "");
        assert_eq!(shown(Pii::new(Email::new("jenny@example.com")).show(Sight::Masked)), "j•••@e•••");
        assert_eq!(shown(Pii::new(Email::new("nonsense")).show(Sight::Masked)), "••••");
        assert_eq!(shown(Pii::new(Phone::new("+1 415 555 0132")).show(Sight::Masked)), "•••• 32");
        assert_eq!(shown(Pii::new(Phone::new("32")).show(Sight::Masked)), "••••");
        assert_eq!(shown(Pii::new(Detail::new("1234 Main St.")).show(Sight::Masked)), "••••");
    }

    /// Of names in many scripts, of one letter and more, with and without marks.
    #[test]
    fn no_name_shows_more_than_a_third_of_itself() {
        for name in [
            "王", "小明", "김", "민수", "O", "Ó", "O\u{301}", "Bo", "N.", "李 O", "कि", "Å", "ア", "Ab C",
            "ｗ",
        ] {
            let masked = Pii::new(Name::new(name)).show(Sight::Masked).into_owned();
            let kept: Vec<char> = masked.chars().filter(|c| c.is_alphanumeric()).collect();
            assert!(kept.is_empty(), "{name}: {masked}");
        }
        for (email, masked) in
            [("a@b.co", "••••@••••"), ("ann@x.de", "a•••@••••"), ("jo@example.com", "••••@e•••")]
        {
            assert_eq!(Pii::new(Email::new(email)).show(Sight::Masked), masked);
        }
        let lengths = ["Ann", "Bartholomew", "Clementine-Antoinette"]
            .map(|name| Pii::new(Name::new(name)).show(Sight::Masked).chars().count());
        assert_eq!(lengths, [4, 4, 4]);
    }

    #[test]
    fn a_redacted_value_says_so() {
        assert_eq!(Pii::new(Name::new(REDACTED)).show(Sight::Masked), REDACTED);
        assert_eq!(Pii::new(Name::new("Jenny")).show(Sight::Revealed), "Jenny");
    }
}

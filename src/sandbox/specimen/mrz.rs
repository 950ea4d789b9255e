//! The lines for machines on passports and identity cards, after ICAO Doc 9303. Specimens only.

use super::words::{Day, country_in_three, latin};

/// What the lines say.
pub(super) struct Zone<'a> {
    pub(super) country: &'a str,
    pub(super) last_name: &'a str,
    pub(super) first_name: &'a str,
    pub(super) number: &'a str,
    pub(super) born: Option<Day>,
    pub(super) expires: Option<Day>,
    /// `F`, `M` or `<`.
    pub(super) sex: char,
}

impl Zone<'_> {
    /// Two lines of 44: the page of a passport.
    pub(super) fn passport(&self) -> [String; 2] {
        let country = country_in_three(self.country);
        let first = filled(&format!("P<{country}{}", self.names()), 44);
        let number = checked(&filled(&self.number(), 9));
        let (born, expires) = (checked(&day(self.born)), checked(&day(self.expires)));
        let personal = checked(&filled("", 14));
        let all = check_digit(&format!("{number}{born}{expires}{personal}"));
        [first, format!("{number}{country}{born}{}{expires}{personal}{all}", self.sex)]
    }

    /// Three lines of 30: the back of an identity card.
    pub(super) fn card(&self) -> [String; 3] {
        let country = country_in_three(self.country);
        let number = self.number();
        // A longer number goes on in the optional data, and its check digit after it.
        let number = match number.split_at_checked(9) {
            Some((head, tail)) if !tail.is_empty() => {
                let tail: String = tail.chars().take(13).collect();
                format!("{head}<{tail}{}", check_digit(&format!("{head}{tail}")))
            }
            _ => checked(&filled(&number, 9)),
        };
        let first = filled(&format!("I<{country}{number}"), 30);
        let (born, expires) = (checked(&day(self.born)), checked(&day(self.expires)));
        let second = filled(&format!("{born}{}{expires}{country}", self.sex), 29);
        let all = check_digit(&format!("{}{born}{expires}{}", &first[5..], &second[18..]));
        [first, format!("{second}{all}"), filled(&self.names(), 30)]
    }

    fn number(&self) -> String {
        self.number.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
    }

    fn names(&self) -> String {
        let [last, first] = [self.last_name, self.first_name].map(|name| latin(name).replace(' ', "<"));
        // Who has one name only has it as the primary one.
        if last.is_empty() { first } else { format!("{last}<<{first}") }
    }
}

fn day(day: Option<Day>) -> String {
    day.map_or_else(|| "<<<<<<".to_owned(), Day::for_machines)
}

/// `text`, cut or filled up to `length`.
fn filled(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(length).collect()
}

fn checked(field: &str) -> String {
    format!("{field}{}", check_digit(field))
}

/// Digits count as themselves, letters from 10, `<` as 0; weights 7, 3, 1; modulo 10.
fn check_digit(field: &str) -> u32 {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    field.chars().zip([7, 3, 1].into_iter().cycle()).map(|(c, weight)| value(c) * weight).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn published_check_digits_hold() {
        // The specimen that the standard is explained with.
        assert_eq!(check_digit("L898902C3"), 6);
        assert_eq!(check_digit("740812"), 2);
        assert_eq!(check_digit("120415"), 9);
        assert_eq!(check_digit("D23145890"), 7);
    }

    #[test]
    fn lines_have_their_lengths_whatever_the_name() {
        let born = Day::read(&json!({ "day": 7, "month": 3, "year": 1990 }));
        for (last, first, number) in [
            ("Brzęczyszczykiewicz-Dąb-Śliwowski", "Świętosława Małgorzata Bożena", "ABC123456"),
            ("", "さくら", "1234567890123456789012"),
            ("Müller", "", ""),
        ] {
            let zone = Zone {
                country: "DE",
                last_name: last,
                first_name: first,
                number,
                born,
                expires: None,
                sex: 'F',
            };
            assert_eq!(zone.passport().map(|line| line.len()), [44, 44]);
            assert_eq!(zone.card().map(|line| line.len()), [30, 30, 30]);
        }
    }

    #[test]
    fn names_are_spelled_in_latin_letters() {
        let zone = Zone {
            country: "JP",
            last_name: "小鳥遊",
            first_name: "さくら",
            number: "TK1234567",
            born: None,
            expires: None,
            sex: 'F',
        };
        assert!(zone.passport()[0].starts_with("P<JPNTAKANASHI<<SAKURA<<<"), "{}", zone.passport()[0]);
    }
}

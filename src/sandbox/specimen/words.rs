//! Words on specimens: dates, kinds of document, countries, Latin spelling. Specimens only.

use serde_json::Value;

use crate::identity::DocumentType;
use crate::sandbox::people::{ascii_letter, spelled};

/// Code, code in three letters, name.
const COUNTRIES: [(&str, &str, &str); 22] = [
    ("BR", "BRA", "Brazil"),
    ("CN", "CHN", "China"),
    ("DE", "DEU", "Germany"),
    ("EG", "EGY", "Egypt"),
    ("ES", "ESP", "Spain"),
    ("FR", "FRA", "France"),
    ("GB", "GBR", "United Kingdom"),
    ("GR", "GRC", "Greece"),
    ("ID", "IDN", "Indonesia"),
    ("IE", "IRL", "Ireland"),
    ("IN", "IND", "India"),
    ("JP", "JPN", "Japan"),
    ("KR", "KOR", "Korea"),
    ("MX", "MEX", "Mexico"),
    ("NG", "NGA", "Nigeria"),
    ("NL", "NLD", "Netherlands"),
    ("PL", "POL", "Poland"),
    ("SA", "SAU", "Saudi Arabia"),
    ("SG", "SGP", "Singapore"),
    ("UA", "UKR", "Ukraine"),
    ("US", "USA", "United States"),
    ("VN", "VNM", "Vietnam"),
];

/// The country's English name; the code itself for others.
pub(super) fn country(code: &str) -> &str {
    COUNTRIES.iter().find(|(short, ..)| *short == code).map_or(code, |(.., name)| *name)
}

/// The country in three letters, as machines read it. `UTO` (Utopia) stands for what is not known.
pub(super) fn country_in_three(code: &str) -> &str {
    COUNTRIES.iter().find(|(short, ..)| *short == code).map_or("UTO", |(_, three, _)| *three)
}

/// What is printed at the top.
pub(super) fn kind(kind: Option<&DocumentType>) -> &'static str {
    match kind {
        Some(DocumentType::Passport) => "PASSPORT",
        Some(DocumentType::DrivingLicense) => "DRIVING LICENCE",
        Some(DocumentType::IdCard) => "IDENTITY CARD",
        _ => "MEMBERSHIP CARD",
    }
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// A date of the API: day, month, year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    in_month: u64,
    month: u64,
    pub(super) year: u64,
}

impl Day {
    /// `None` for null.
    pub(super) fn read(date: &Value) -> Option<Self> {
        let part = |name| date.get(name).and_then(Value::as_u64);
        Some(Self { in_month: part("day")?, month: part("month")?, year: part("year")? })
    }

    /// `07 MAR 1990`.
    pub(super) fn printed(self) -> String {
        let month = usize::try_from(self.month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
        format!("{:02} {} {:04}", self.in_month, month.copied().unwrap_or("???"), self.year)
    }

    /// `900307`.
    pub(super) fn for_machines(self) -> String {
        format!("{:02}{:02}{:02}", self.year % 100, self.month, self.in_month)
    }
}

/// `text` in plain capitals with single blanks: a name's Latin spelling where it is known, else letter by letter.
/// Letters without a Latin one are left out.
pub(super) fn latin(text: &str) -> String {
    let spelled = spelled(text);
    let mut out = String::new();
    for c in spelled.as_deref().unwrap_or(text).chars() {
        if let Some(letter) = ascii_letter(c).filter(|letter| *letter != '-') {
            out.push(letter.to_ascii_uppercase());
        } else if c.is_ascii_digit() {
            out.push(c);
        } else if matches!(c, ' ' | '-') && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

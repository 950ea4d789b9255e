//! What is invented from: names, streets and patterns per country, from `assets/people/`. For this folder only.

use std::sync::LazyLock;

use crate::identity::{DocumentType, IdNumberType};

/// The files in a fixed order: the order decides who lives where, so new ones go to the end.
const FILES: [&str; 22] = [
    include_str!("../../../assets/people/us.txt"),
    include_str!("../../../assets/people/gb.txt"),
    include_str!("../../../assets/people/ie.txt"),
    include_str!("../../../assets/people/de.txt"),
    include_str!("../../../assets/people/fr.txt"),
    include_str!("../../../assets/people/es.txt"),
    include_str!("../../../assets/people/pl.txt"),
    include_str!("../../../assets/people/nl.txt"),
    include_str!("../../../assets/people/br.txt"),
    include_str!("../../../assets/people/mx.txt"),
    include_str!("../../../assets/people/sg.txt"),
    include_str!("../../../assets/people/jp.txt"),
    include_str!("../../../assets/people/cn.txt"),
    include_str!("../../../assets/people/kr.txt"),
    include_str!("../../../assets/people/in.txt"),
    include_str!("../../../assets/people/id.txt"),
    include_str!("../../../assets/people/sa.txt"),
    include_str!("../../../assets/people/eg.txt"),
    include_str!("../../../assets/people/ng.txt"),
    include_str!("../../../assets/people/vn.txt"),
    include_str!("../../../assets/people/gr.txt"),
    include_str!("../../../assets/people/ua.txt"),
];

static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| FILES.into_iter().map(Country::read).collect());

/// Every country, in a fixed order.
pub(super) fn all() -> &'static [Country] {
    &COUNTRIES
}

/// The Latin spelling of `name`, word for word where names of several words are made of known ones. `None` when no
/// file knows any of them.
pub(in crate::sandbox) fn spelled(name: &str) -> Option<String> {
    let names = || all().iter().flat_map(|it| it.first_female.iter().chain(&it.first_male).chain(&it.last));
    let known = |part: &str| names().find(|it| it.native == part).and_then(|it| it.ascii);
    if let Some(whole) = known(name) {
        return Some(whole.to_owned());
    }
    let parts: Vec<Option<&str>> = name.split(' ').map(known).collect();
    if parts.iter().all(Option::is_none) {
        return None;
    }
    let words = name.split(' ').zip(parts).map(|(native, ascii)| ascii.unwrap_or(native));
    Some(words.collect::<Vec<_>>().join(" "))
}

/// A name and how it is spelled in ASCII, where the file says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    /// As on the document.
    pub(super) native: &'static str,
    /// As in an e-mail address.
    pub(super) ascii: Option<&'static str>,
}

/// A real city.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct City {
    pub(super) name: &'static str,
    /// Empty where addresses have none.
    pub(super) state: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) phone: &'static str,
}

/// A kind of document that the country issues.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    pub(super) kind: DocumentType,
    /// How many people choose this kind, against the others of the country.
    pub(super) weight: u32,
    pub(super) number: &'static str,
    /// Years from issue to expiry.
    pub(super) years: i16,
}

/// What people of one country are made of.
#[derive(Debug, Default)]
pub(super) struct Country {
    /// ISO 3166, two letters.
    pub(super) code: &'static str,
    /// How many of the people live here, against the other countries.
    pub(super) weight: u32,
    pub(super) first_female: Vec<Spelling>,
    pub(super) first_male: Vec<Spelling>,
    /// `-` stands for people without a last name.
    pub(super) last: Vec<Spelling>,
    /// Whether people have two last names.
    pub(super) two_surnames: bool,
    /// As printed on documents: female, male.
    pub(super) sexes: Vec<&'static str>,
    pub(super) streets: Vec<&'static str>,
    pub(super) units: Vec<&'static str>,
    pub(super) cities: Vec<City>,
    pub(super) documents: Vec<Issue>,
    pub(super) id_number: Option<IdNumberType>,
}

impl Country {
    /// Reads a file. Never fails: the test below holds the files to their form.
    fn read(text: &'static str) -> Self {
        let mut country = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, values)) = line.split_once(':') {
                country.set(key, values.trim());
            }
        }
        country
    }

    fn set(&mut self, key: &str, values: &'static str) {
        let list = || values.split(" | ").map(str::trim);
        match key {
            "country" => self.code = values,
            "weight" => self.weight = values.parse().unwrap_or(0),
            "first_female" => self.first_female = list().map(spelling).collect(),
            "first_male" => self.first_male = list().map(spelling).collect(),
            "last" => self.last = list().map(spelling).collect(),
            "surnames" => self.two_surnames = values == "2",
            "sexes" => self.sexes = list().collect(),
            "street" => self.streets = list().collect(),
            "unit" => self.units = list().collect(),
            "city" => self.cities = list().map(city).collect(),
            "document" => self.documents = list().filter_map(issue).collect(),
            "id_number" => self.id_number = IdNumberType::known(values),
            _ => {}
        }
    }
}

fn spelling(entry: &'static str) -> Spelling {
    match entry.split_once('=') {
        Some((native, ascii)) => Spelling { native, ascii: Some(ascii) },
        None => Spelling { native: entry, ascii: None },
    }
}

fn city(entry: &'static str) -> City {
    let mut parts = entry.split(';').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    City { name: next(), state: next(), postal_code: next(), phone: next() }
}

fn issue(entry: &'static str) -> Option<Issue> {
    let mut parts = entry.split(';').map(str::trim);
    Some(Issue {
        kind: DocumentType::known(parts.next()?)?,
        weight: parts.next()?.parse().ok()?,
        number: parts.next()?,
        years: parts.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_complete() {
        for (country, text) in all().iter().zip(FILES) {
            let code = country.code;
            assert_eq!(code.len(), 2, "{text}");
            assert!(country.weight > 0, "{code}");
            assert!(country.first_female.len() >= 3 && country.first_male.len() >= 3, "{code}");
            assert!(country.last.len() >= 3, "{code}");
            assert_eq!(country.sexes.len(), 2, "{code}");
            assert!(country.streets.len() >= 2 && country.cities.len() >= 2 - usize::from(code == "SG"));
            let entries = text.lines().find(|line| line.starts_with("document:")).expect("documents");
            assert_eq!(country.documents.len(), entries.split(" | ").count(), "{code}");
            for city in &country.cities {
                assert!(!city.name.is_empty() && city.postal_code.contains('#'), "{code} {city:?}");
                assert!(city.phone.starts_with('+') && city.phone.contains('#'), "{code} {city:?}");
            }
            for spelling in country.first_female.iter().chain(&country.first_male).chain(&country.last) {
                let latin =
                    spelling.native.chars().all(|c| c < '\u{370}' || ('\u{1e00}'..='\u{2019}').contains(&c));
                assert_eq!(spelling.ascii.is_some(), !latin, "{code} {spelling:?}");
            }
            let keys = text.lines().filter(|line| !line.starts_with('#'));
            for key in keys.map(|line| line.split(':').next().unwrap_or(line)) {
                let known = [
                    "country",
                    "weight",
                    "first_female",
                    "first_male",
                    "last",
                    "surnames",
                    "sexes",
                    "street",
                    "unit",
                    "city",
                    "document",
                    "id_number",
                ];
                assert!(known.contains(&key), "{code}: {key}");
            }
        }
    }

    #[test]
    fn countries_differ() {
        let mut codes: Vec<_> = all().iter().map(|country| country.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FILES.len());
    }
}

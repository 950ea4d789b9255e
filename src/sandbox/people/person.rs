//! Somebody who does not exist: name, address, documents and numbers.

use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::countries::{self, City, Country, Issue, Spelling};
use super::dice::{Dice, by_weight, hash};
use super::numbers::{self, IdNumber};
use crate::clock::{Timestamp, WallTime};
use crate::identity::{DocumentType, IdNumberType, Sex};

/// Somebody who does not exist.
#[derive(Clone, Debug)]
pub struct Person {
    /// The seed of everything that is decided later about this person.
    seed: u64,
    country: &'static Country,
    /// First name, or the only one.
    pub first_name: String,
    /// Last name; `None` for people with one name.
    pub last_name: Option<String>,
    /// As the API has it.
    pub sex: Sex,
    /// As printed on the document, in the country's words.
    pub unparsed_sex: String,
    /// Birth date. Everybody is an adult from 2023 on.
    pub born: Date,
    /// As printed on the document.
    pub place_of_birth: String,
    /// Where the person lives.
    pub address: Address,
    /// At a domain that is set aside for examples.
    pub email: String,
    /// In a range that nobody has, with the country's prefix.
    pub phone: String,
    /// The number of the person's country; `None` where the API knows no kind for it.
    pub id_number: Option<IdNumber>,
}

/// A made-up street in a real city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub line1: String,
    /// Flat or floor.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// State or province, where addresses have one.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166, two letters.
    pub country: String,
}

/// A document as it would lie on the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentType,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued: Date,
    /// The last day on which it is good.
    pub expires: Date,
}

impl Person {
    /// The person that `seed` and `key` (a session's id, say) always lead to.
    #[must_use]
    pub fn invent(seed: u64, key: &str) -> Self {
        let country = home(seed, key);
        let own_seed = hash(seed, &[b"person", key.as_bytes()]);
        let mut dice = Dice::new(own_seed, &[b"self"]);
        let female = dice.chance(50);
        let first = dice.pick(if female { &country.first_female } else { &country.first_male }).copied();
        let last = last_names(&mut dice, country);
        let city = dice.pick(&country.cities).copied().unwrap_or_default();
        let born = date(1946, 1, 1).saturating_add(dice.between(0, 21_500).days());
        let (sex, unparsed_sex) = sex_of(&mut dice, country, female);
        Self {
            seed: own_seed,
            country,
            first_name: first.map(|name| name.native.to_owned()).unwrap_or_default(),
            last_name: joined(last.iter().map(|name| name.native), " "),
            sex,
            unparsed_sex,
            born,
            place_of_birth: dice.pick(&country.cities).map(|city| city.name.to_owned()).unwrap_or_default(),
            address: address(&mut dice, country, city),
            email: email(&mut dice, first.iter().chain(last.first())),
            phone: dice.fill(city.phone),
            id_number: country.id_number.as_ref().map(|kind| numbers::invent(&mut dice, kind, born.year())),
        }
    }

    /// The country that the person who `seed` and `key` lead to lives in. Much cheaper than inventing them.
    #[must_use]
    pub fn country_of(seed: u64, key: &str) -> &'static str {
        home(seed, key).code
    }

    /// The document that the person shows on the day of `at`: the kind they like best among `allowed`, or among
    /// all kinds when nothing fits. The same one until it has to be renewed.
    #[must_use]
    pub fn document(&self, allowed: &[DocumentType], at: Timestamp) -> Document {
        let issue = self.choose(allowed);
        let today = day_of(at);
        let mut dice = self.dice_for(&issue.kind, b"document");
        let years = issue.years.max(1);
        // Renewed every so many years on the person's own day, so that the dates hold at any time.
        let first_issued = date(1950, 1, 1).saturating_add(dice.between(0, i64::from(years) * 365).days());
        let periods = (today.year() - first_issued.year()).div_euclid(years);
        let mut issued = first_issued.saturating_add((i64::from(periods) * i64::from(years)).years());
        if issued > today {
            issued = issued.saturating_sub(years.years());
        }
        // A first document is no older than its holder's seventeenth birthday.
        issued = issued.max(self.born.saturating_add(17.years()).min(today));
        let expires = issued.saturating_add(years.years()).saturating_sub(1.day());
        Document { number: self.document_number(&mut dice, &issue), kind: issue.kind, issued, expires }
    }

    /// A document that was good until some time within the two years before `at`.
    #[must_use]
    pub fn expired_document(&self, allowed: &[DocumentType], at: Timestamp) -> Document {
        let issue = self.choose(allowed);
        let mut dice = self.dice_for(&issue.kind, b"expired document");
        let expires = day_of(at).saturating_sub(dice.between(10, 700).days());
        // Nobody had a document of their own before sixteen or so, and every document was good for a while.
        let issued = expires
            .saturating_sub(issue.years.years())
            .max(self.born.saturating_add(16.years()))
            .min(expires.saturating_sub(1.year()));
        Document { number: self.document_number(&mut dice, &issue), kind: issue.kind, issued, expires }
    }

    /// The number that the ID number check asks for. People from countries whose numbers the API does not check
    /// give the last four digits of the US one they got while living there.
    #[must_use]
    pub fn number_for_check(&self) -> IdNumber {
        self.id_number.clone().unwrap_or_else(|| {
            let mut dice = Dice::new(self.seed, &[b"us_ssn"]);
            numbers::invent(&mut dice, &IdNumberType::UsSsn, self.born.year())
        })
    }

    /// Chance that is the person's own, for one `purpose`.
    pub(in crate::sandbox) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, &[purpose.as_bytes()])
    }

    fn choose(&self, allowed: &[DocumentType]) -> Issue {
        let issued_here = |issue: &&Issue| allowed.is_empty() || allowed.contains(&issue.kind);
        let fitting: Vec<&Issue> = self.country.documents.iter().filter(issued_here).collect();
        let total = fitting.iter().map(|issue| u64::from(issue.weight)).sum();
        let at = Dice::new(self.seed, &[b"kind of document"]).below(total);
        by_weight(&fitting, |issue| issue.weight, at).map_or_else(
            // Not every country issues every kind: then the person has one from somewhere that does.
            || Issue {
                kind: allowed.first().cloned().unwrap_or(DocumentType::Passport),
                weight: 1,
                number: "@########",
                years: 10,
            },
            |issue| (*issue).clone(),
        )
    }

    fn dice_for(&self, kind: &DocumentType, purpose: &[u8]) -> Dice {
        Dice::new(self.seed, &[purpose, kind.as_str().as_bytes()])
    }

    fn document_number(&self, dice: &mut Dice, issue: &Issue) -> String {
        match &self.id_number {
            // The Singapore identity card carries the NRIC itself.
            Some(id) if id.kind == IdNumberType::SgNric && issue.kind == DocumentType::IdCard => {
                id.number.clone()
            }
            _ => dice.fill(issue.number),
        }
    }
}

impl Address {
    /// As the API has it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "line1": self.line1,
            "line2": self.line2,
            "city": self.city,
            "state": self.state,
            "postal_code": self.postal_code,
            "country": self.country,
        })
    }
}

/// A date as the API has it.
pub(in crate::sandbox) fn date_json(date: Date) -> Value {
    json!({ "day": date.day(), "month": date.month(), "year": date.year() })
}

/// The day of `at` in UTC.
pub(super) fn day_of(at: Timestamp) -> Date {
    at.wall_time().unwrap_or(WallTime::EPOCH).date()
}

/// Stands in when no country could be read, which the tests rule out.
static NOWHERE: LazyLock<Country> = LazyLock::new(Country::default);

fn home(seed: u64, key: &str) -> &'static Country {
    let countries = countries::all();
    let total: u64 = countries.iter().map(|country| u64::from(country.weight)).sum();
    let at = hash(seed, &[b"country", key.as_bytes()]) % total.max(1);
    by_weight(countries, |country| country.weight, at).unwrap_or(&NOWHERE)
}

fn last_names(dice: &mut Dice, country: &Country) -> Vec<Spelling> {
    let wanted = if country.two_surnames { 2 } else { 1 };
    (0..wanted).filter_map(|_| dice.pick(&country.last).copied()).filter(|name| name.native != "-").collect()
}

fn joined<'a>(names: impl Iterator<Item = &'a str>, between: &str) -> Option<String> {
    let joined = names.collect::<Vec<_>>().join(between);
    (!joined.is_empty()).then_some(joined)
}

fn sex_of(dice: &mut Dice, country: &Country, female: bool) -> (Sex, String) {
    if dice.chance(1) {
        return (Sex::Unknown, "X".to_owned());
    }
    let sex = if female { Sex::Female } else { Sex::Male };
    let printed = country.sexes.get(usize::from(!female)).copied().unwrap_or_default();
    (sex, printed.to_owned())
}

fn address(dice: &mut Dice, country: &Country, city: City) -> Address {
    let line1 = dice.pick(&country.streets).copied().unwrap_or_default();
    let unit = if dice.chance(35) { dice.pick(&country.units).copied() } else { None };
    Address {
        line1: dice.fill(line1),
        line2: unit.map(|unit| dice.fill(unit)),
        city: city.name.to_owned(),
        state: (!city.state.is_empty()).then(|| city.state.to_owned()),
        postal_code: dice.fill(city.postal_code),
        country: country.code.to_owned(),
    }
}

fn email<'a>(dice: &mut Dice, names: impl Iterator<Item = &'a Spelling>) -> String {
    let mut user = String::new();
    for name in names {
        if !user.is_empty() {
            user.push('.');
        }
        user.extend(name.ascii.unwrap_or(name.native).chars().filter_map(ascii_letter).take(24));
    }
    let number = dice.between(1, 99);
    let domain = dice.pick(&["example.com", "example.org", "example.net"]).copied().unwrap_or("example.com");
    format!("{user}{number}@{domain}")
}

/// The plain letter for `c`, in lower case; `None` for what has no place in an address.
pub(in crate::sandbox) fn ascii_letter(c: char) -> Option<char> {
    let plain = match c.to_lowercase().next()? {
        c @ ('a'..='z' | '-') => c,
        'à'..='å' | 'ą' | 'ă' | 'ạ'..='ặ' => 'a',
        'ç' | 'ć' => 'c',
        'đ' => 'd',
        'è'..='ë' | 'ę' | 'ẹ'..='ệ' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ı' | 'ỉ' | 'ị' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' | 'ọ'..='ợ' => 'o',
        'ś' | 'ş' | 'ß' => 's',
        'ù'..='ü' | 'ư' | 'ụ'..='ự' => 'u',
        'ý' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' => 'z',
        _ => return None,
    };
    Some(plain)
}

//! ID numbers with the check digits that their countries want. For this folder only.

use super::dice::{Dice, digit};
use crate::identity::IdNumberType;

/// A number that a country knows a person by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdNumber {
    /// Whose number it is.
    pub kind: IdNumberType,
    /// The digits and letters, without separators. Of a `us_ssn` the last four digits.
    pub number: String,
}

/// A number of `kind` for somebody born in `born_year`.
pub(super) fn invent(dice: &mut Dice, kind: &IdNumberType, born_year: i16) -> IdNumber {
    let number = match kind {
        IdNumberType::BrCpf => cpf(dice),
        IdNumberType::SgNric => nric(dice, born_year),
        // 0000 was never given out.
        _ => format!("{:04}", dice.between(1, 9999)),
    };
    IdNumber { kind: kind.clone(), number }
}

/// Nine digits and two check digits.
fn cpf(dice: &mut Dice) -> String {
    let mut digits: Vec<u64> = (0..9).map(|_| dice.below(10)).collect();
    digits.push(cpf_check(&digits));
    digits.push(cpf_check(&digits));
    digits.into_iter().map(digit).collect()
}

/// The digit that follows `digits`: weights fall to 2 at the last one, modulo 11, with 10 read as 0.
fn cpf_check(digits: &[u64]) -> u64 {
    let sum: u64 = digits.iter().rev().zip(2..).map(|(digit, weight)| digit * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// S or T for the century, the year of birth, five digits and a check letter.
fn nric(dice: &mut Dice, born_year: i16) -> String {
    let prefix = if born_year < 2000 { 'S' } else { 'T' };
    let digits = format!("{:02}{:05}", born_year.rem_euclid(100), dice.below(100_000));
    format!("{prefix}{digits}{}", nric_letter(prefix, &digits))
}

fn nric_letter(prefix: char, digits: &str) -> char {
    const WEIGHTS: [u32; 7] = [2, 7, 6, 5, 4, 3, 2];
    const LETTERS: [char; 11] = ['J', 'Z', 'I', 'H', 'G', 'F', 'E', 'D', 'C', 'B', 'A'];
    let sum: u32 = digits.chars().filter_map(|c| c.to_digit(10)).zip(WEIGHTS).map(|(d, w)| d * w).sum();
    let offset = if prefix == 'T' { 4 } else { 0 };
    let at = usize::try_from((sum + offset) % 11).unwrap_or(0);
    LETTERS[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold() {
        // The specimens that both systems are explained with.
        assert_eq!(cpf_check(&[1, 1, 1, 4, 4, 4, 7, 7, 7]), 3);
        assert_eq!(cpf_check(&[1, 1, 1, 4, 4, 4, 7, 7, 7, 3]), 5);
        assert_eq!(nric_letter('S', "1234567"), 'D');
        assert_eq!(nric_letter('T', "1234567"), 'J');
    }

    #[test]
    fn invented_numbers_have_their_form() {
        let mut dice = Dice::new(3, &[b"numbers"]);
        for _ in 0..200 {
            let cpf = invent(&mut dice, &IdNumberType::BrCpf, 1990).number;
            let digits: Vec<u64> = cpf.bytes().map(|byte| u64::from(byte - b'0')).collect();
            assert_eq!(digits.len(), 11);
            assert_eq!((digits[9], digits[10]), (cpf_check(&digits[..9]), cpf_check(&digits[..10])));
            let nric = invent(&mut dice, &IdNumberType::SgNric, 2001).number;
            assert!(nric.starts_with("T01") && nric.len() == 9);
            assert!(nric.ends_with(nric_letter('T', &nric[1..8])));
            let ssn = invent(&mut dice, &IdNumberType::UsSsn, 1990).number;
            assert!(ssn.len() == 4 && ssn != "0000");
        }
    }
}

//! Counts checks, and prints those that fail.

use std::fmt::Debug;

use stripe::StripeError;

/// What passed and what failed.
#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    /// One check.
    pub fn check(&mut self, name: &str, holds: bool, found: impl Debug) {
        if holds {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("FAILED {name}: {found:?}");
        }
    }

    /// Whether `found` is what was `wanted`.
    pub fn equal<T: Debug + PartialEq<U>, U: Debug>(&mut self, name: &str, found: T, wanted: U) {
        self.check(name, found == wanted, format!("{found:?} instead of {wanted:?}"));
    }

    /// An object as the SDK read it: every value of an enum has to be one that the SDK knows.
    pub fn object<T: Debug>(&mut self, name: &str, object: &T) {
        let said = format!("{object:?}");
        self.check(name, !said.contains("Unknown("), said);
    }

    /// The answer of a call that ought to succeed.
    pub fn answer<T: Debug>(&mut self, name: &str, answer: Result<T, StripeError>) -> Option<T> {
        match answer {
            Ok(object) => {
                self.object(name, &object);
                Some(object)
            }
            Err(error) => {
                self.check(name, false, error);
                None
            }
        }
    }

    /// A refusal by the API: its HTTP status, type, code and parameter.
    pub fn refused<T: Debug>(
        &mut self,
        name: &str,
        answer: Result<T, StripeError>,
        status: u16,
        kind: &str,
        code: Option<&str>,
        param: Option<&str>,
    ) {
        match answer {
            Err(StripeError::Stripe(error, found)) => {
                self.equal(&format!("{name}, status"), found, status);
                self.equal(&format!("{name}, type"), error.type_.as_str(), kind);
                self.equal(&format!("{name}, code"), error.code.as_ref().map(|code| code.as_str()), code);
                self.equal(&format!("{name}, param"), error.param.as_deref(), param);
                self.check(&format!("{name}, message"), error.message.is_some(), &error);
            }
            other => self.check(name, false, other),
        }
    }

    /// Prints the counts. Whether everything passed, and something was checked.
    pub fn finish(self) -> bool {
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failed == 0 && self.passed > 0
    }
}

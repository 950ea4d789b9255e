//! Invented people and the sessions they went through. Same seed, same people.
//!
//! For the rest of the sandbox only. Names, streets and number patterns are data in `assets/people/`.

mod countries;
pub(in crate::sandbox) mod dice;
mod history;
mod masking;
mod numbers;
mod person;
mod setup;
mod story;
#[cfg(test)]
mod tests;
mod timeline;
mod traffic;

pub(in crate::sandbox) use countries::spelled;
pub use history::{Histories, History, histories};
pub use masking::{mask_rendered, mask_report, mask_session};
pub use numbers::IdNumber;
pub use person::{Address, Document, Person};
pub(in crate::sandbox) use person::{ascii_letter, date_json};
pub(in crate::sandbox) use timeline::{Step, timeline};

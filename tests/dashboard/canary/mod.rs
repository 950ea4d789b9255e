//! Unique personal values, looked for wherever they must not be.

mod echo;
mod free_text;
mod screens;
#[cfg(unix)]
mod terminal;

use vetty::client::Client;
use vetty::identity::SessionId;
use vetty::identity::params::{Change, ProvidedDetailsParams};
use vetty::privacy::{Email, Phone, Pii};

use crate::support::client::create_with;

/// A verified person with these contacts.
async fn verified(below: &Client, email: &str, phone: &str) -> SessionId {
    let contacts = ProvidedDetailsParams {
        email: Some(Change::Set(Pii::new(Email::new(email)))),
        phone: Some(Change::Set(Pii::new(Phone::new(phone)))),
    };
    let id = create_with(below, "ann", contacts).await;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    id
}

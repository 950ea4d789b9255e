//! Files and links to them: the pictures that a submission leaves. Sandbox only.
//!
//! A file is a row that says which picture of which report it is; the picture is drawn when somebody asks for its
//! contents, and never stored. Contents belong to the sensitive data: only restricted keys open them, and after a
//! redaction nobody does.

mod contents;
mod render;
mod requests;
mod rules;

pub(super) use contents::{contents, contents_of, drawn, open_link, response};
pub(super) use requests::{Endpoint, Operation, read};
pub(super) use rules::{execute, look_up};

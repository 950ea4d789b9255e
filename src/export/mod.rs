//! Sessions and reports as text for the world outside: table, CSV, JSON and JSON lines.
//!
//! Floor 3: pure, no I/O; imports `text`, `privacy` and `identity`. The command line prints what it makes, and the
//! dashboard writes it to files. A [`Record`] is masked or revealed when it is made; nothing unmasks it afterwards.
//!
//! Every field has one name in all formats: its path in the API's object, such as `last_error.code` or
//! `metadata.user_id`. Two more are made from others: `name` and `country`. Text is [`crate::text::Clean`] in every
//! format, so what a terminal would obey reads as a mark; nothing personal and no secret is in a masked record.

mod card;
mod column;
mod comma;
mod exporter;
mod record;
mod table;
#[cfg(test)]
mod tests;

pub use column::{Column, UnknownColumn};
pub use comma::csv_line;
pub use exporter::{Exporter, Format, Layout};
pub use record::{Kind, Record};

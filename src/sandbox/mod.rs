//! Answers as an Identity API in test mode, on loopback. Floor 3: imports `text`, `privacy`, `identity` and
//! `config`; only `cli` and tests may import it. It shares no code with `client` but the words of `identity`.

pub mod attempt;
pub mod people;
pub mod record;

//! What only a real terminal has: raw mode, the clipboard, a browser beside it. Floor 6: imports everything below.

pub mod browser;
pub mod clipboard;
pub mod guard;
pub mod panic;

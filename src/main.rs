//! The command line of vetty.

fn main() {}

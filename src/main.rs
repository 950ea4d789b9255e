//! vetty.

use std::process::ExitCode;

fn main() -> ExitCode {
    vetty::cli::main()
}

//! `vetty completions SHELL`: what a shell needs to complete the command line, made from its definition.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::args::Cli;
use super::print;

/// Which shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints them, and says how it ended.
pub(super) fn run(args: &CompletionsArgs) -> u8 {
    print(&script(args.shell))
}

fn script(shell: Shell) -> Vec<u8> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "vetty", &mut bytes);
    bytes
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_has_its_script() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).expect("a text");
            insta::assert_snapshot!(format!("completions_{shell}"), script);
        }
    }
}

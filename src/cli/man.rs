//! `vetty man`: manual pages, made from the definition of the command line.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::args::Cli;
use super::{DONE, UNREACHABLE, complain, print};
use crate::config::plain_reason;

/// Where the pages go.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write a page for vetty and one for every command into this folder, instead of printing the first.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Prints or writes them, and says how it ended.
pub(super) fn run(args: &ManArgs) -> u8 {
    let written = match &args.folder {
        None => return page(Cli::command()).map_or(UNREACHABLE, |page| print(&page)),
        Some(folder) => std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
            .map_err(|error| (folder, error)),
    };
    match written {
        Ok(()) => DONE,
        Err((folder, error)) => {
            complain(format_args!("cannot write to {}: {}", folder.display(), plain_reason(&error)));
            UNREACHABLE
        }
    }
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use super::*;

    /// Every command with its whole name: `vetty sessions list`.
    fn commands() -> Vec<(String, Command)> {
        let mut root = Cli::command().term_width(100);
        root.build();
        let mut found = Vec::new();
        let mut left = vec![("vetty".to_owned(), root)];
        while let Some((name, command)) = left.pop() {
            let parts = command.get_subcommands().filter(|part| part.get_name() != "help");
            left.extend(parts.map(|part| (format!("{name} {}", part.get_name()), part.clone())));
            found.push((name, command));
        }
        found
    }

    #[test]
    fn every_command_explains_itself() {
        for (name, mut command) in commands() {
            let help = command.render_long_help().to_string();
            insta::assert_snapshot!(format!("help {name}").replace(' ', "_"), help);
        }
    }

    #[test]
    fn the_manual_has_a_page_for_every_command() {
        let main = String::from_utf8(page(Cli::command()).expect("a page")).expect("a text");
        insta::assert_snapshot!("man", main);
        let folder = tempfile::tempdir().expect("a folder");
        let code = run(&ManArgs { folder: Some(folder.path().to_owned()) });
        assert_eq!(code, DONE);
        for (name, _) in commands() {
            let path = folder.path().join(format!("{}.1", name.replace(' ', "-")));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            assert!(text.contains(".SH SYNOPSIS"), "{name}");
        }
    }
}

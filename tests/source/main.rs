//! The sources themselves: which room imports which, and whether every test is compiled.

mod floors;
mod forgotten;
mod tokens;

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Every Rust file in a folder and below, in order.
fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

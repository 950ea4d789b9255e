//! Writing an export: the audit's line first, then a file that nobody else may read.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::app::{Answer, ExportOrder, FileFormat, Problem, Records};
use crate::blocking;
use crate::export::{Exporter, Format, Kind, Record};
use crate::privacy::{Lens, Sight};
use crate::text::Clean;

use super::{Connected, Export, Intent};

/// How many records are turned into text at once.
const CHUNK: usize = 500;

/// The file was not written.
#[derive(Debug, thiserror::Error)]
#[error("{path} was not written: {source}")]
pub(super) struct ExportError {
    /// The file, as it may be shown.
    pub(super) path: String,
    /// What the system said.
    pub(super) source: io::Error,
}

/// Writes down what is exported, and then exports it. Without the line no file is made.
pub(super) async fn export(
    connected: &Connected,
    intent: &Intent,
    order: ExportOrder,
) -> Result<Answer, Problem> {
    let what = match order.records {
        Records::Sessions(_) => "sessions",
        Records::Reports(_) => "reports",
    };
    let told = Export {
        what: what.into(),
        format: order.format.ending().into(),
        count: order.records.len(),
        revealed: order.sight == Sight::Revealed,
    };
    connected.changer.recorder().export(intent, &told).await?;
    let path = place(&order.path);
    let shown = Clean::new(&path.display().to_string()).to_string();
    match blocking::run(move || write(&path, &order)).await {
        Ok(()) => Ok(Answer::Exported(shown)),
        Err(source) => Err(ExportError { path: shown, source }.into()),
    }
}

/// The path as it was meant: `~/` is the home folder.
fn place(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// Makes the file, whole or not at all. One that is there already is left alone.
fn write(path: &Path, order: &ExportOrder) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let mut out = BufWriter::new(file);
    let written = write_records(&mut out, order)
        .and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all());
    if written.is_err() {
        // Half a file looks like a whole one.
        let _ = fs::remove_file(path);
    }
    written
}

fn write_records(out: &mut impl Write, order: &ExportOrder) -> io::Result<()> {
    let format = match order.format {
        FileFormat::Csv => Format::Csv,
        FileFormat::Json => Format::Json,
        FileFormat::Jsonl => Format::Jsonl,
    };
    let kind = match order.records {
        Records::Sessions(_) => Kind::Sessions,
        Records::Reports(_) => Kind::Reports,
    };
    let mut exporter = Exporter::new(kind, format);
    let lens = Lens { sight: order.sight, keys: &order.keys };
    let mut put = |records: Vec<Record>| out.write_all(exporter.records(&records).as_bytes());
    match &order.records {
        Records::Sessions(sessions) => {
            for chunk in sessions.chunks(CHUNK) {
                let record =
                    |(session, report): &(_, Option<_>)| Record::session(session, report.as_ref(), lens);
                put(chunk.iter().map(record).collect())?;
            }
        }
        Records::Reports(reports) => {
            for chunk in reports.chunks(CHUNK) {
                put(chunk.iter().map(|report| Record::report(report, lens)).collect())?;
            }
        }
    }
    out.write_all(exporter.finish(order.has_more).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(path: &Path, format: FileFormat, sight: Sight) -> ExportOrder {
        let session = serde_json::from_str(
            r#"{"id":"vs_1","created":1,"livemode":false,"status":"verified","type":"document",
            "metadata":{"note":"=1+1"},"verified_outputs":{"first_name":"Jenny","last_name":"Rosen"}}"#,
        )
        .expect("a session");
        ExportOrder {
            records: Records::Sessions(vec![(session, None)]),
            format,
            sight,
            keys: crate::privacy::PersonalKeys::usual(),
            path: path.display().to_string(),
            has_more: false,
        }
    }

    #[test]
    fn a_file_is_private_masked_and_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        for format in FileFormat::ALL {
            let path = folder.path().join(format!("out.{}", format.ending()));
            write(&path, &order(&path, format, Sight::Masked)).expect("a file");
            let text = fs::read_to_string(&path).expect("the file");
            assert!(text.contains("vs_1") && text.contains("J•••") && !text.contains("Jenny"), "{text}");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::metadata(&path).expect("the file").permissions().mode();
                assert_eq!(mode & 0o777, 0o600);
            }
            let again = write(&path, &order(&path, format, Sight::Revealed)).expect_err("it is there");
            assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
            assert!(!fs::read_to_string(&path).expect("the file").contains("Jenny"));
        }
        let path = folder.path().join("plain.csv");
        write(&path, &order(&path, FileFormat::Csv, Sight::Revealed)).expect("a file");
        let text = fs::read_to_string(&path).expect("the file");
        assert!(text.contains("Jenny") && text.contains("Rosen"), "{text}");
    }
}

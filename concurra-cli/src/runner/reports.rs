//! Reports for programs. Their files are opened before a run, so that nobody learns only at its end
//! that there is no such folder; a run that does not finish leaves them empty.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use concurra_core::Report;

use super::output::Output;
use crate::options::ReportTo;

/// Larger than most reports, which are then written by one call.
const BUFFER: usize = 64 * 1024;

/// Where the report of a run goes.
#[derive(Debug)]
pub(super) struct Reports {
    files: Vec<(PathBuf, File)>,
    stdout: Option<Output>,
}

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the report `{}` cannot be written: {source}", path.display())]
pub(super) struct Unwritable {
    path: PathBuf,
    source: io::Error,
}

impl Reports {
    /// Opens the files. Among several targets each appends a line, and `mtrun` has emptied them.
    pub(super) fn open(
        wanted: &[ReportTo],
        several: bool,
        stdout: Output,
    ) -> Result<Self, Unwritable> {
        let mut reports = Self { files: Vec::new(), stdout: None };
        for to in wanted {
            match to {
                ReportTo::Stdout => reports.stdout = Some(stdout.clone()),
                ReportTo::File(path) => match open(path, several) {
                    Ok(file) => reports.files.push((path.clone(), file)),
                    Err(source) => return Err(Unwritable { path: path.clone(), source }),
                },
            }
        }
        Ok(reports)
    }

    /// Writes the report wherever it is wanted, and tells what could not be written.
    pub(super) fn write(self, report: &Report) -> Vec<Unwritable> {
        let mut failed = Vec::new();
        if let Some(stdout) = self.stdout {
            stdout.write(|out| write(report, out));
            let path = PathBuf::from("-");
            failed.extend(stdout.error().map(|source| Unwritable { path, source }));
        }
        for (path, mut file) in self.files {
            let written = write(report, &mut file);
            failed.extend(written.err().map(|source| Unwritable { path, source }));
        }
        failed
    }
}

/// Writes the report as a line, task by task, as one of many tasks is hundreds of megabytes long.
/// Targets run one after the other, so that no other line comes between its parts.
fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, out);
    serde_json::to_writer(&mut out, report)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn open(path: &Path, append: bool) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.create(true).append(append).write(!append).truncate(!append);
    how.open(path)
}

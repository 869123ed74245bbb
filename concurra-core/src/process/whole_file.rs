//! Files for output that is too long to keep in memory. Unaware of runs.

use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{env, process};

use crate::secret::{Masking, Secrets};
use crate::sync::lock;

/// The most bytes of a file: an endless output must not fill the disk.
const MOST: u64 = 1024 * 1024 * 1024;

/// The folder of a run for the files of its tasks. Made with the first of them.
#[derive(Debug, Default)]
pub(crate) struct OutputFolder {
    /// The folder that the user has chosen.
    chosen: Option<PathBuf>,
    made: Mutex<Option<PathBuf>>,
}

/// The files for the streams of one attempt.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile {
    folder: Arc<OutputFolder>,
    /// Without the name of the stream.
    name: String,
}

/// The file of one stream. After the first error nothing more is written.
#[derive(Debug)]
pub(super) struct WholeFile {
    path: PathBuf,
    file: File,
    masking: Masking,
    left: u64,
    error: Option<io::Error>,
}

impl OutputFolder {
    /// The folder that the user has chosen, or a new one in the system's folder for temporary files.
    pub(crate) const fn new(chosen: Option<PathBuf>) -> Self {
        Self { chosen, made: Mutex::new(None) }
    }

    /// The files for an attempt.
    pub(crate) fn file(self: &Arc<Self>, task: &str, attempt: u32) -> OutputFile {
        // Other letters may mean something to file systems and shells.
        let letter = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let name: String = task.replace("::", ".").chars().map(letter).take(80).collect();
        OutputFile { folder: Arc::clone(self), name: format!("{name}-{attempt}") }
    }

    fn path(&self) -> io::Result<PathBuf> {
        let mut made = lock(&self.made);
        if let Some(made) = &*made {
            return Ok(made.clone());
        }
        let path = match &self.chosen {
            Some(chosen) => {
                DirBuilder::new().recursive(true).create(chosen)?;
                std::path::absolute(chosen)?
            }
            None => make_below(&env::temp_dir())?,
        };
        Ok(made.insert(path).clone())
    }
}

/// A new folder that only this user can read.
fn make_below(parent: &Path) -> io::Result<PathBuf> {
    numbered(|number| {
        let path = parent.join(format!("concurra-output-{}-{number}", process::id()));
        DirBuilder::new().mode(0o700).create(&path).map(|()| path)
    })
}

/// Makes something under the first number that is free.
fn numbered<T>(mut make: impl FnMut(u32) -> io::Result<T>) -> io::Result<T> {
    for number in 1..10_000 {
        match make(number) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

impl WholeFile {
    /// A new file for a stream. The name has a number where the file exists already.
    pub(super) fn create(output: &OutputFile, stream: &str, secrets: &Secrets) -> io::Result<Self> {
        let folder = output.folder.path()?;
        let (path, file) = numbered(|number| {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            let path = folder.join(format!("{}{more}.{stream}", output.name));
            let mut how = File::options();
            how.write(true).create_new(true).mode(0o600).open(&path).map(|file| (path, file))
        })?;
        Ok(Self { path, file, masking: Masking::new(secrets), left: MOST, error: None })
    }

    /// Writes bytes of the stream, with secrets masked.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let ready = self.masking.push(bytes);
        self.write_masked(&ready);
    }

    fn write_masked(&mut self, bytes: &[u8]) {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(most)];
        self.left -= bytes.len() as u64;
        if self.error.is_none() {
            self.error = self.file.write_all(bytes).err();
        }
    }

    /// Writes the rest, and says where the stream is.
    pub(super) fn finish(mut self) -> String {
        let rest = self.masking.finish();
        self.write_masked(&rest);
        let path = self.path.display();
        match self.error {
            Some(error) => format!("{path} could not be written: {error}"),
            None if self.left == 0 => format!("the first {MOST} bytes are in {path}"),
            None => format!("the whole is in {path}"),
        }
    }
}

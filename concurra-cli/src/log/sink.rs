//! Where lines go: stderr, and a file per worker.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::LogError;

/// Where lines go.
#[derive(Debug)]
pub(super) struct Sink {
    shown: bool,
    files: Option<Files>,
}

/// A file per worker, made when it has its first line; `None` stands for other threads.
#[derive(Debug)]
struct Files {
    dir: PathBuf,
    open: Mutex<HashMap<Option<usize>, File>>,
}

impl Sink {
    pub(super) fn new(shown: bool, dir: Option<&Path>) -> Result<Self, LogError> {
        let files = dir.map(Files::new).transpose()?;
        Ok(Self { shown, files })
    }

    pub(super) fn write(&self, worker: Option<usize>, line: &str) {
        if self.shown {
            // Records are an aid; that nobody reads them must not end a run.
            drop(io::stderr().write_all(line.as_bytes()));
        }
        if let Some(files) = &self.files {
            drop(files.write(worker, line));
        }
    }
}

impl Files {
    fn new(dir: &Path) -> Result<Self, LogError> {
        let dir = dir.to_owned();
        match fs::create_dir_all(&dir) {
            Ok(()) => Ok(Self { dir, open: Mutex::default() }),
            Err(source) => Err(LogError::Dir { dir, source }),
        }
    }

    fn write(&self, worker: Option<usize>, line: &str) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match open.entry(worker) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => {
                let name = worker.map_or_else(
                    || "other.log".to_owned(),
                    |worker| format!("worker-{worker}.log"),
                );
                new.insert(File::create(self.dir.join(name))?)
            }
        };
        file.write_all(line.as_bytes())
    }
}

//! Where lines go: stderr, and a file per worker.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::sync::lock;

/// Where lines go.
#[derive(Debug)]
pub(super) struct Sink {
    shown: bool,
    dir: Option<PathBuf>,
    /// A file per worker, opened for its first line; `None` means threads that are not workers.
    files: Mutex<HashMap<Option<usize>, File>>,
}

impl Sink {
    pub(super) fn new(shown: bool, dir: Option<PathBuf>) -> Result<Self, String> {
        if let Some(dir) = &dir {
            fs::create_dir_all(dir)
                .map_err(|error| format!("`--log-dir` cannot be `{}`: {error}", dir.display()))?;
        }
        Ok(Self { shown, dir, files: Mutex::default() })
    }

    /// Records are an aid, so a run goes on when they cannot be written.
    pub(super) fn write(&self, worker: Option<usize>, line: &str) {
        if self.shown {
            drop(io::stderr().write_all(line.as_bytes()));
        }
        if let Some(dir) = &self.dir {
            drop(self.write_file(dir, worker, line));
        }
    }

    fn write_file(&self, dir: &Path, worker: Option<usize>, line: &str) -> io::Result<()> {
        let mut files = lock(&self.files);
        let file = match files.entry(worker) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => {
                let name = worker.map_or("other.log".to_owned(), |it| format!("worker-{it}.log"));
                new.insert(File::create(dir.join(name))?)
            }
        };
        file.write_all(line.as_bytes())
    }
}

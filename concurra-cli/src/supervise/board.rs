//! The tasks and hooks that run, in a file that outlives the process.
//!
//! A process that is killed, aborts or overflows its stack cannot report what it ran. Each body has an
//! entry of fixed size in the file, written with one call before the body and one after. An abandoned
//! body moves to an entry of its own. Before the entries of bodies come the numbers of ended tasks, and the
//! thread that called `exit`.

use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::FromRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;

use concurra_core::Counts;

/// The size of an entry: a text, at least one zero byte after it, and a thread.
const ENTRY: usize = 256;

/// Where the text of an entry ends and its thread begins.
const TEXT: usize = ENTRY - size_of::<Thread>();

/// The entries before those of bodies.
const FIRST: usize = 2;

/// The entry of the thread that called `exit`.
const CALLER: usize = 1;

/// Follows the name of an abandoned body.
const ABANDONED: &str = " (abandoned)";

/// A thread of this process; 0 stands for none.
pub(crate) type Thread = u64;

/// The calling thread.
pub(crate) fn this_thread() -> Thread {
    // SAFETY: pthread_self(3) has no preconditions.
    unsafe { libc::pthread_self() as Thread }
}

/// The entries, for writing and reading.
#[derive(Debug)]
pub(crate) struct Board(File);

/// What a board has of bodies.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Noted {
    /// The tasks and hooks that run, abandoned ones last.
    pub(crate) running: Vec<String>,
    /// The one of them that called `exit`.
    pub(crate) caller: Option<usize>,
}

impl Board {
    /// Opens the file that `mtrun` made.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        File::options().read(true).write(true).open(path).map(Self)
    }

    /// A board that only this process can read. Where the system has no room for it, it stays empty.
    ///
    /// # Errors
    /// Not even an empty file can be opened.
    pub(crate) fn unnamed() -> io::Result<Self> {
        let file = in_memory().or_else(|_| removed());
        file.or_else(|_| File::options().read(true).write(true).open("/dev/null")).map(Self)
    }

    /// Writes what the thread is about to run, or an empty name when it has ended. Cuts a name that is
    /// longer than an entry.
    pub(crate) fn note(&self, index: usize, name: &str, thread: Thread) {
        self.write(FIRST + index, name, "", thread);
    }

    /// Writes the name of a body that was abandoned and still runs.
    pub(crate) fn note_abandoned(&self, index: usize, name: &str, thread: Thread) {
        self.write(FIRST + index, name, ABANDONED, thread);
    }

    /// Writes how many tasks have ended how.
    pub(crate) fn note_counts(&self, counts: &Counts) {
        let counts = serde_json::to_string(counts).expect("counts are JSON");
        self.write(0, &counts, "", 0);
    }

    /// Writes that the calling thread called `exit`.
    pub(crate) fn note_caller(&self) {
        self.write(CALLER, "", "", this_thread());
    }

    /// Reads all entries.
    pub(crate) fn read(&self) -> Noted {
        let mut bytes = Vec::new();
        let mut entry = [0; ENTRY];
        while self.0.read_exact_at(&mut entry, bytes.len() as u64).is_ok() {
            bytes.extend(entry);
        }
        Noted::of(&bytes)
    }

    /// The board only completes the report of a crash, so an error does not fail the run.
    fn write(&self, index: usize, text: &str, mark: &str, thread: Thread) {
        let most = text.len().min(TEXT - 1 - mark.len());
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let mut entry = [0; ENTRY];
        entry[..end].copy_from_slice(&text.as_bytes()[..end]);
        entry[end..end + mark.len()].copy_from_slice(mark.as_bytes());
        entry[TEXT..].copy_from_slice(&thread.to_ne_bytes());
        let _ = self.0.write_all_at(&entry, (index * ENTRY) as u64);
    }
}

#[cfg(target_os = "linux")]
fn in_memory() -> io::Result<File> {
    // SAFETY: memfd_create(2) reads the name, which ends with a zero byte.
    let descriptor = unsafe { libc::memfd_create(c"concurra-board".as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is open and belongs to nothing else.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

#[cfg(not(target_os = "linux"))]
fn in_memory() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file in the folder for temporary files that has no name any more.
fn removed() -> io::Result<File> {
    let name = format!("concurra-board-{}-{}", std::process::id(), this_thread());
    let path = std::env::temp_dir().join(name);
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// The text and the thread of each entry.
fn entries(bytes: &[u8]) -> impl Iterator<Item = (String, Thread)> {
    bytes.chunks(ENTRY).map(|entry| {
        let (text, thread) = entry.split_at(TEXT.min(entry.len()));
        let text = String::from_utf8_lossy(text).trim_end_matches('\0').to_owned();
        (text, thread.try_into().map_or(0, Thread::from_ne_bytes))
    })
}

impl Noted {
    fn of(bytes: &[u8]) -> Self {
        let caller = entries(bytes).nth(CALLER).map_or(0, |(_, thread)| thread);
        let bodies = entries(bytes).skip(FIRST).filter(|(name, _)| !name.is_empty());
        let (running, threads): (Vec<_>, Vec<_>) = bodies.unzip();
        let caller = threads.iter().position(|thread| *thread == caller && caller != 0);
        Self { running, caller }
    }

    /// `while running: load, seed (abandoned); load called exit`; `None` when nothing ran.
    pub(crate) fn while_running(&self) -> Option<String> {
        let Self { running, caller, .. } = self;
        let caller = caller.and_then(|index| running.get(index)).filter(|_| running.len() > 1);
        let caller = caller.map_or_else(String::new, |name| format!("; {name} called exit"));
        (!running.is_empty()).then(|| format!("while running: {}{caller}", running.join(", ")))
    }
}

/// Reads the board of a process that has ended: how many tasks had ended how, and what ran.
#[cfg(feature = "launcher")]
pub(super) fn read(path: &Path) -> (Counts, Noted) {
    let bytes = std::fs::read(path).unwrap_or_default();
    let counts = entries(&bytes).next().and_then(|(text, _)| serde_json::from_str(&text).ok());
    (counts.unwrap_or_default(), Noted::of(&bytes))
}

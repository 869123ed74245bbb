//! The tasks and hooks that run, in a file that outlives the process.
//!
//! A process that is killed, aborts or overflows its stack cannot report what it ran. Each body has an
//! entry of fixed size in the file, written before the body and after it. An abandoned body moves to an
//! entry of its own. Before the entries of bodies come the numbers of ended tasks, and the thread that
//! called `exit`. The runner maps the first entries into its memory, so that it writes them
//! without system calls.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
#[cfg(target_os = "linux")]
use std::os::fd::FromRawFd;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "launcher")]
use concurra_core::Counts;
use concurra_core::Outcome;

/// The size of an entry: a text, a byte with the length of the text, and a thread.
const ENTRY: usize = 256;

/// The size of a number in the file.
const WORD: usize = size_of::<u64>();

/// Where the text of an entry ends and its length stands.
const TEXT: usize = ENTRY - size_of::<Thread>() - 1;

/// The word with the length.
const LENGTH: usize = TEXT / WORD;

/// The entries before those of bodies.
const FIRST: usize = 2;

/// The entry of the thread that called `exit`.
const CALLER: usize = 1;

/// How much of the file is memory: the entries of 126 bodies.
const MAPPED: usize = 128 * ENTRY;

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
pub(crate) struct Board {
    file: File,
    /// Its first entries; empty where the system cannot share them.
    mapped: &'static [AtomicU64],
}

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
        File::options().read(true).write(true).open(path).map(Self::of)
    }

    /// A board that only this process can read. Where the system has no room for it, it stays empty.
    ///
    /// # Errors
    /// Not even an empty file can be opened.
    pub(crate) fn unnamed() -> io::Result<Self> {
        let file = in_memory().or_else(|_| removed());
        file.or_else(|_| File::options().read(true).write(true).open("/dev/null")).map(Self::of)
    }

    fn of(file: File) -> Self {
        let mapped = mapped(&file).unwrap_or_default();
        Self { file, mapped }
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

    /// Counts a task that has ended. One thread counts.
    pub(crate) fn count(&self, outcome: Outcome, is_flaky: bool) {
        self.add_one(outcome as usize);
        if is_flaky {
            self.add_one(Outcome::ALL.len());
        }
    }

    fn add_one(&self, word: usize) {
        if let Some(count) = self.mapped.get(word) {
            count.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let (mut count, place) = ([0; WORD], (word * WORD) as u64);
        let _ = self.file.read_exact_at(&mut count, place);
        let count = u64::from_ne_bytes(count) + 1;
        let _ = self.file.write_all_at(&count.to_ne_bytes(), place);
    }

    /// Writes that the calling thread called `exit`.
    pub(crate) fn note_caller(&self) {
        self.write(CALLER, "", "", this_thread());
    }

    /// Reads all entries.
    pub(crate) fn read(&self) -> Noted {
        let mut bytes = Vec::new();
        let mut entry = [0; ENTRY];
        while self.file.read_exact_at(&mut entry, bytes.len() as u64).is_ok() {
            bytes.extend(entry);
        }
        Noted::of(&bytes)
    }

    /// The board only completes the report of a crash, so an error does not fail the run.
    fn write(&self, index: usize, text: &str, mark: &str, thread: Thread) {
        let most = text.len().min(TEXT - mark.len());
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let length = end + mark.len();
        let mut entry = [0; ENTRY];
        entry[..end].copy_from_slice(&text.as_bytes()[..end]);
        entry[end..length].copy_from_slice(mark.as_bytes());
        entry[TEXT] = u8::try_from(length).expect("an entry is shorter");
        entry[TEXT + 1..].copy_from_slice(&thread.to_ne_bytes());
        match self.mapped.chunks_exact(ENTRY / WORD).nth(index) {
            Some(words) => store(words, &entry),
            None => drop(self.file.write_all_at(&entry, (index * ENTRY) as u64)),
        }
    }
}

/// Stores an entry. Its length comes last, so that a process that is killed meanwhile leaves no torn name.
fn store(words: &[AtomicU64], entry: &[u8; ENTRY]) {
    let (values, _) = entry.as_chunks::<WORD>();
    words[LENGTH].store(0, Ordering::Relaxed);
    for (index, (word, value)) in words.iter().zip(values).enumerate() {
        if index != LENGTH {
            word.store(u64::from_ne_bytes(*value), Ordering::Release);
        }
    }
    words[LENGTH].store(u64::from_ne_bytes(values[LENGTH]), Ordering::Release);
}

/// Maps the beginning of the file into memory until the process ends, as abandoned bodies may run until then.
fn mapped(file: &File) -> Option<&'static [AtomicU64]> {
    // The system kills a process that stores to a mapped page for which the disk has no room. So this write
    // reserves the room.
    file.write_all_at(&[0; MAPPED], 0).ok()?;
    let (access, file) = (libc::PROT_READ | libc::PROT_WRITE, file.as_raw_fd());
    // SAFETY: the system chooses the address, so that the mapping replaces no other memory.
    let address =
        unsafe { libc::mmap(std::ptr::null_mut(), MAPPED, access, libc::MAP_SHARED, file, 0) };
    if address == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: the pages have `MAPPED` bytes, are aligned, and nothing unmaps them. Every bit pattern is a
    // valid number, and this process reads and writes them here only as atomics. No one shortens the file.
    Some(unsafe { std::slice::from_raw_parts(address.cast::<AtomicU64>(), MAPPED / WORD) })
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
    let (entries, _) = bytes.as_chunks::<ENTRY>();
    entries.iter().map(|entry| {
        let text = entry.get(..entry[TEXT].into()).unwrap_or_default();
        let thread = entry.last_chunk().map_or(0, |thread| Thread::from_ne_bytes(*thread));
        (String::from_utf8_lossy(text).into_owned(), thread)
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
    let (words, _) = bytes.as_chunks::<WORD>();
    let count =
        |word: usize| words.get(word).map_or(0, |count| u64::from_ne_bytes(*count) as usize);
    let counts =
        Counts::new(Outcome::ALL.map(|outcome| count(outcome as usize)), count(Outcome::ALL.len()));
    (counts, Noted::of(&bytes))
}

#[cfg(all(test, feature = "launcher"))]
mod tests;

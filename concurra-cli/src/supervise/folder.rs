//! The folder in which `mtrun` and one runner meet: for this user alone, below the system's folder
//! for temporary files.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, geteuid, test_kill_process};

/// The beginning of the folder's name; the process follows.
const PREFIX: &str = "mtrun-";

/// Names the folder for temporary files.
const VARIABLE: &str = "TMPDIR";

/// Where temporary files go without it.
const DEFAULT: &str = "/tmp";

/// The longest path of that folder: a socket in it has about 100 bytes everywhere.
const LONGEST: usize = 50;

/// Makes a folder that only this user can read, with a path short enough for a socket.
pub(super) fn make() -> io::Result<PathBuf> {
    make_below(&parent()?)
}

fn make_below(parent: &Path) -> io::Result<PathBuf> {
    let folder = make_in(parent).map_err(|error| {
        let parent = parent.display();
        let why = format!(
            "no folder can be made in `{parent}`: {error}; set {VARIABLE} to a folder that you can \
             write to, with a path of at most {LONGEST} bytes"
        );
        io::Error::new(error.kind(), why)
    })?;
    if fs::symlink_metadata(&folder).is_ok_and(|found| is_own(&found, 0o077)) {
        return Ok(folder);
    }
    // Another user may have put something there by now, so it is left as it is.
    let folder = folder.display();
    let why = format!("`{folder}` is open to other users; set {VARIABLE} to a folder of your own");
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}

fn make_in(parent: &Path) -> io::Result<PathBuf> {
    for number in 0..1000 {
        let folder = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
    }
    Err(io::Error::other("each name is taken"))
}

/// The folder for temporary files, absolute, as the runner may work in another folder.
fn parent() -> io::Result<PathBuf> {
    parent_for(std::env::var_os(VARIABLE))
}

fn parent_for(set: Option<OsString>) -> io::Result<PathBuf> {
    let set = set.filter(|set| !set.is_empty()).map(std::path::absolute).transpose()?;
    let short = set.filter(|set| set.as_os_str().len() <= LONGEST);
    Ok(short.unwrap_or_else(|| DEFAULT.into()))
}

/// Whether it is a folder of this user that gives other users none of these rights.
pub(crate) fn is_own(found: &Metadata, rights: u32) -> bool {
    found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & rights == 0
}

/// Removes the folders of earlier calls of `mtrun` that were killed before they could do it.
pub(crate) fn sweep() {
    if let Ok(parent) = parent() {
        sweep_in(&parent);
    }
}

/// Opens no file in a folder of another user: it may be a pipe, and an open waits for its writer.
fn sweep_in(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().and_then(process_of).is_some_and(has_ended) {
            let folder = entry.path();
            let is_own = fs::symlink_metadata(&folder).is_ok_and(|found| is_own(&found, 0));
            if is_own && File::open(folder.join("board")).map_or(true, |board| lock(&board)) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

/// Takes the lock that marks a folder as in use: in another container that shares the temporary
/// folder, numbers of processes mean other processes.
pub(super) fn lock(board: &File) -> bool {
    // SAFETY: flock(2) reads and writes no memory of ours.
    unsafe { libc::flock(board.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) == 0 }
}

/// The process in `mtrun-PROCESS-NUMBER`.
fn process_of(name: &str) -> Option<Pid> {
    let (process, number) = name.strip_prefix(PREFIX)?.split_once('-')?;
    number.parse::<u32>().ok()?;
    Pid::from_raw(process.parse().ok().filter(|process| *process > 0)?)
}

fn has_ended(process: Pid) -> bool {
    test_kill_process(process) == Err(Errno::SRCH)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_for_its_user_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        let odd = parent.path().join(OsString::from_vec(b"\xff".to_vec()));
        fs::create_dir(&odd).expect("a folder");
        let folder = make_below(&odd).expect("a folder");
        assert!(folder.starts_with(&odd));
        let found = |folder| fs::symlink_metadata(folder).expect("it is there");
        assert!(is_own(&found(&folder), 0o077));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).expect("a mode");
        assert!(!is_own(&found(&folder), 0o077));
        let link = odd.join("link");
        std::os::unix::fs::symlink(&folder, &link).expect("a link");
        assert!(!is_own(&found(&link), 0));
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named_with_its_variable() {
        let parent = tempfile::tempdir().expect("a folder");
        let file = parent.path().join("file");
        fs::write(&file, "").expect("a file");
        for (unusable, why) in
            [(parent.path().join("absent"), "No such"), (file, "Not a directory")]
        {
            let error = make_below(&unusable).expect_err("unusable").to_string();
            let begin = format!("no folder can be made in `{}`: {why}", unusable.display());
            assert!(error.starts_with(&begin) && error.contains("set TMPDIR to"), "{error}");
        }
    }

    #[test]
    fn a_relative_folder_counts_from_the_current_one() {
        let here = std::env::current_dir().expect("a folder");
        let of = |set: &str| parent_for(Some(set.into())).expect("a folder");
        let short = here.as_os_str().len() < LONGEST;
        let expected = if short { here.join("t") } else { DEFAULT.into() };
        assert_eq!(of("t"), expected);
        assert_eq!(of("/t"), PathBuf::from("/t"));
        for set in ["", &format!("/{}", "t".repeat(LONGEST))] {
            assert_eq!(of(set), PathBuf::from(DEFAULT));
        }
    }

    #[test]
    fn only_folders_of_ended_processes_are_removed() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut ended = std::process::Command::new("true").spawn().expect("a process");
        let process = ended.id();
        ended.wait().expect("an end");
        let folder = |name: String| {
            let folder = parent.path().join(name);
            fs::create_dir(&folder).expect("a folder");
            fs::write(folder.join("board"), "").expect("a file");
            folder
        };
        let left = folder(format!("mtrun-{process}-0"));
        let locked = folder(format!("mtrun-{process}-1"));
        let link = parent.path().join(format!("mtrun-{process}-2"));
        std::os::unix::fs::symlink(&locked, &link).expect("a link");
        let ours = folder(format!("mtrun-{}-0", std::process::id()));
        let other = folder("mtrun-notes".to_owned());
        let board = File::open(locked.join("board")).expect("a file");
        assert!(lock(&board));
        sweep_in(parent.path());
        assert!(!left.exists());
        for kept in [locked, link, ours, other] {
            assert!(kept.exists(), "{}", kept.display());
        }
    }
}

//! Folders of `mtrun`s that were killed before they could remove them.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::folder::{PREFIX, is_own};

/// Removes this user's folders of processes that have ended. In the folder of another user, a file may
/// be anything, also a pipe that an open waits for without end.
pub(super) fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        if name.to_str().and_then(process_of).is_some_and(has_ended) {
            let folder = entry.path();
            let own = fs::symlink_metadata(&folder).is_ok_and(|found| is_own(&found));
            if own && File::open(folder.join("board")).map_or(true, |board| lock(&board)) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

/// Takes the lock that marks a folder as in use: in another container that shares the temporary folder,
/// numbers of processes mean other processes.
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
    use super::*;

    #[test]
    fn only_folders_of_ended_processes_are_removed() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut gone = std::process::Command::new("true").spawn().expect("a process");
        let process = gone.id();
        gone.wait().expect("an end");
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
        sweep(parent.path());
        assert!(!left.exists());
        for kept in [locked, link, ours, other] {
            assert!(kept.exists(), "{}", kept.display());
        }
    }
}

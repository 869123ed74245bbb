//! Processes that runs may leave behind.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Passes only when a process never starts.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Passes only when a process never ends.
const FAREWELL: Duration = Duration::from_secs(10);

/// Waits until a process has written a number to a file.
pub(crate) fn number(path: &Path) -> u32 {
    let patience = Instant::now() + PATIENCE;
    loop {
        // A file that was only just made may be empty.
        let text = fs::read_to_string(path).unwrap_or_default();
        if let Ok(number) = text.trim().parse() {
            return number;
        }
        assert!(Instant::now() < patience, "{} is not written", path.display());
        thread::yield_now();
    }
}

/// Waits until a process has ended; `false` when it goes on too long.
pub(crate) fn ends(process: u32) -> bool {
    let patience = Instant::now() + FAREWELL;
    while lives(process) && Instant::now() < patience {
        thread::yield_now();
    }
    !lives(process)
}

/// Whether a process is there and not merely waits to be reaped.
pub(crate) fn lives(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

//! What runs may leave behind, and moments at which they might.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use concurra_core::Report;

/// Reached only by what does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reached only by what does not leave.
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

/// Waits until a process is gone, but not for ever.
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

/// The other processes that began with a variable of that value, as does all that they start.
pub(crate) fn marked(name: &str, value: &str) -> Vec<u32> {
    let mark = format!("{name}={value}");
    let has_mark = |process: &u32| {
        let all = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        all.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    };
    let entries = fs::read_dir("/proc").expect("procfs").flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let others = processes.filter(|process| *process != process::id());
    others.filter(has_mark).filter(|process| lives(*process)).collect()
}

/// Waits until only the report holds the state of its run: then every body that was given up has
/// come back, and every loop has left.
pub(crate) fn let_everybody_leave(report: &Report) {
    let patience = Instant::now() + FAREWELL;
    while Arc::strong_count(report.state()) > 1 {
        assert!(Instant::now() < patience, "somebody is left of the run");
        thread::yield_now();
    }
}

/// Lets some time pass, more in each round: what is going on then is left to chance.
pub(crate) fn spin(round: usize, more: Duration) {
    let (begun, rounds) = (Instant::now(), u32::try_from(round).unwrap_or(u32::MAX));
    while begun.elapsed() < more * rounds {
        std::hint::spin_loop();
    }
}

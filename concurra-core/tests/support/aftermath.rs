//! What is left of a run after a moment that is left to chance.

use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use concurra_core::Report;

use crate::leftovers::lives;

/// Reached only by what does not leave.
const FAREWELL: Duration = Duration::from_secs(10);

/// Lets some time pass, more in each round: what is going on then is left to chance.
pub(crate) fn spin(round: usize, more: Duration) {
    let (begun, rounds) = (Instant::now(), u32::try_from(round).unwrap_or(u32::MAX));
    while begun.elapsed() < more * rounds {
        std::hint::spin_loop();
    }
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

/// Waits until only the report holds the state of its run: then every body that was abandoned has
/// come back, and every loop has left.
pub(crate) fn wait_until_idle(report: &Report) {
    let patience = Instant::now() + FAREWELL;
    while Arc::strong_count(report.state()) > 1 {
        assert!(Instant::now() < patience, "a thread still holds the run");
        thread::yield_now();
    }
}

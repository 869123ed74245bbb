//! Waits for the end of a run; fails instead of hanging.

use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{Report, Running};

pub(crate) fn wait_for(run: Running) -> Report {
    let patience = Instant::now() + Duration::from_secs(60);
    while run.is_running() {
        assert!(Instant::now() < patience, "the run hangs");
        thread::yield_now();
    }
    run.wait()
}

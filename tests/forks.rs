//! Tasks that fork: the copy of the process ends with its body, and runs nothing of the run.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{env, fs, process};

use concurra::{Outcome, Runner};

mod c {
    unsafe extern "C" {
        pub(crate) fn fork() -> i32;
        pub(crate) fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    }
}

/// Forks. In this process, waits for the copy and returns its exit code; in the copy, returns nothing.
fn forked() -> Option<i32> {
    // SAFETY: the copy calls no code that waits for the threads it does not have.
    let copy = unsafe { c::fork() };
    if copy == 0 {
        return None;
    }
    let mut status = 0;
    // SAFETY: the status lives longer than the call.
    let ended = unsafe { c::waitpid(copy, &raw mut status, 0) };
    assert_eq!(ended, copy);
    assert_eq!(status & 0x7F, 0, "it was killed");
    Some(status >> 8)
}

/// A file with a line for each task that ran, in any process.
struct Marks(PathBuf);

impl Marks {
    fn new(test: &str) -> Self {
        let path = env::temp_dir().join(format!("concurra-forks-{test}-{}", process::id()));
        drop(fs::remove_file(&path));
        Self(path)
    }

    /// Adds tasks that run after the one that forks, and makes their marks.
    fn add_followers(&self, runner: &mut Runner) {
        for follower in 0..10 {
            let path = self.0.clone();
            let mark = move || {
                use std::io::Write;
                let mut file = fs::File::options().create(true).append(true).open(&path)?;
                file.write_all(format!("{}\n", process::id()).as_bytes())
            };
            runner.add(format!("follower {follower}"), mark).after(["forks"]);
        }
    }

    fn check(self) {
        let marks = fs::read_to_string(&self.0).expect("the followers run");
        assert_eq!(marks, format!("{}\n", process::id()).repeat(10));
        fs::remove_file(self.0).expect("it is there");
    }
}

/// Runs a task that forks, with each number of workers, and returns the exit codes of the copies.
fn codes(test: &str, body: fn() -> Result<i32, String>) -> Vec<i32> {
    // A copy has the locks as they are at the fork, and not the threads that would open them.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut codes = Vec::new();
    for workers in [1, 2, 8] {
        for has_limit in [false, true] {
            let marks = Marks::new(test);
            let mut runner = Runner::new().workers(workers);
            let task = runner.add("forks", body);
            if has_limit {
                task.timeout(Duration::from_secs(60)).retries(1);
            }
            marks.add_followers(&mut runner);
            let report = runner.run().expect("a plan");
            assert_eq!(report.verify(), Ok(()));
            codes.push(*report["forks"].result::<i32>().expect("it passed"));
            marks.check();
        }
    }
    codes
}

#[test]
fn a_copy_that_returns_runs_nothing_more() {
    assert_eq!(codes("returns", || Ok(forked().unwrap_or_default())), [0; 6]);
}

#[test]
fn a_copy_that_fails_or_panics_ends_with_101() {
    let fails = || forked().ok_or_else(|| "the copy fails".to_owned());
    assert_eq!(codes("fails", fails), [101; 6]);
    assert_eq!(codes("panics", || Ok(forked().expect("the copy panics"))), [101; 6]);
}

#[test]
fn a_copy_may_exit_by_itself() {
    assert_eq!(codes("exits", || Ok(forked().unwrap_or_else(|| process::exit(7)))), [7; 6]);
}

#[test]
fn a_copy_may_have_a_run_of_its_own() {
    let inner = || {
        let code = forked();
        if code.is_none() {
            let mut runner = Runner::new().workers(2);
            runner.add("first", || 1);
            runner.add("second", || 2).after(["first"]);
            let report = runner.run().expect("a plan");
            process::exit(if report.is_good() { 3 } else { 4 });
        }
        Ok(code.unwrap_or_default())
    };
    // A warm pool, whose threads the copies do not have.
    let mut warm = Runner::new().workers(2);
    warm.add("warm", || ());
    assert_eq!(warm.run().expect("a plan")["warm"].outcome(), Outcome::Passed);
    assert_eq!(codes("inner", inner), [3; 6]);
}

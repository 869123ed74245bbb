//! Tasks that use the descriptors of their worker process.

use std::io::Write;
use std::net::Shutdown;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::{fs, process, ptr, thread};

use concurra::{Outcome, State, task};

use crate::support::{outcome_of, run, runner};

scenarios! {
    the_error_for_an_unreadable_message,
    the_error_for_a_disconnected_process,
    a_forked_copy_sends_nothing,
    a_result_whose_drop_panics_passes,
    a_shared_value_whose_drop_panics_harms_no_later_task,
}

/// The sockets of this process.
fn sockets() -> Vec<RawFd> {
    let entries = fs::read_dir("/dev/fd").expect("this process's descriptors");
    let name = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    let numbers = entries.filter_map(|entry| name(entry.expect("a descriptor")));
    numbers.filter(|number| copied(*number).is_some_and(|it| it.local_addr().is_ok())).collect()
}

/// A copy of a descriptor, if that is open.
fn copied(number: RawFd) -> Option<UnixStream> {
    // SAFETY: the call only duplicates the descriptor, and fails for a closed one.
    let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
    borrowed.try_clone_to_owned().ok().map(UnixStream::from)
}

#[task]
fn writes_to_every_socket() {
    for mut socket in sockets().into_iter().filter_map(copied) {
        socket.write_all(b"nonsense\n").expect("the parent listens");
    }
    thread::park();
}

fn the_error_for_an_unreadable_message() {
    let report = run(runner(&["trespass::writes_to_every_socket", "nothing"]));
    let (outcome, message) = outcome_of(&report, "writes_to_every_socket");
    assert_eq!(outcome, Outcome::Failed);
    assert!(message.starts_with("its process sent something unreadable;"), "{message}");
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
}

#[task]
fn disconnects() {
    for socket in sockets().into_iter().filter_map(copied) {
        socket.shutdown(Shutdown::Write).expect("it is connected");
    }
    loop {
        thread::park();
    }
}

fn the_error_for_a_disconnected_process() {
    let report = run(runner(&["trespass::disconnects", "nothing"]));
    let (outcome, message) = outcome_of(&report, "disconnects");
    assert_eq!(outcome, Outcome::Failed);
    let expected = "its process has lost its connection to the run;";
    assert!(message.starts_with(expected), "{message}");
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
}

unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
}

#[task]
fn forks() -> &'static str {
    // SAFETY: the copy only goes on.
    let copy = unsafe { fork() };
    if copy == 0 {
        return "copy";
    }
    // SAFETY: the status may be null.
    let ended = unsafe { waitpid(copy, ptr::null_mut(), 0) };
    assert_eq!(ended, copy, "{}", process::id());
    "task"
}

fn a_forked_copy_sends_nothing() {
    let report = run(runner(&["trespass::forks", "nothing"]).workers(1));
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["forks"].result::<&str>().expect("it passed"), "task");
    assert_eq!(report["forks"].output(), None);
}

/// Text whose drop panics where the task runs.
#[derive(serde::Serialize, serde::Deserialize)]
struct Clinging(String);

impl Drop for Clinging {
    fn drop(&mut self) {
        assert!(std::env::var_os("CONCURRA_WORKER_OF").is_none(), "it clings");
    }
}

#[task]
fn clings() -> Clinging {
    Clinging("held".to_owned())
}

#[task]
fn reads_clinging(state: &State) -> Result<String, concurra::StateError> {
    Ok(state.shared::<Clinging>("clinging")?.0.clone())
}

/// The next task of the process.
#[task(after = ["reads_clinging"])]
fn follows_clinging() {}

fn a_shared_value_whose_drop_panics_harms_no_later_task() {
    let state = Arc::new(State::default());
    state.share("clinging", Clinging("shared".to_owned()));
    let names = ["trespass::reads_clinging", "trespass::follows_clinging"];
    let report = run(runner(&names).workers(1).state(state));
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["reads_clinging"].result::<String>().expect("it passed"), "shared");
}

fn a_result_whose_drop_panics_passes() {
    let report = run(runner(&["trespass::clings", "nothing"]).workers(1));
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(report["clings"].result::<Clinging>().expect("it passed").0, "held");
}

//! What runs in worker processes.

use std::process::{self, Command};
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{env, fs, thread};

use concurra::{Runner, Selection, State, task};
use serde_json::{Value, json};

use crate::leftovers::number;
use crate::types::{Limits, Opaque, READING, Slow};

/// A runner with the tasks of this file that have these names.
pub(crate) fn chosen(names: &[&str]) -> Runner {
    let mut selection = Selection::default();
    selection.exact = true;
    selection.filters = names.iter().map(|name| format!("tasks::{name}")).collect();
    // What was added by hand has its own name.
    selection.filters.extend(names.iter().map(|name| (*name).to_owned()));
    selection.deps = Some(false);
    concurra::registered!().isolate(true).select(selection)
}

#[task]
fn process_number() -> u32 {
    process::id()
}

#[task]
fn nothing() {}

#[task]
fn structured() -> Value {
    json!({"rows": [1, 2, 3], "name": "orders"})
}

#[task]
fn reads(state: &State) -> Result<String, concurra::ResultError> {
    let rows = state.result::<Value>("structured")?;
    Ok(format!("{} rows", rows["rows"].as_array().map_or(0, Vec::len)))
}

#[task]
fn reads_opaque(state: &State) -> Result<(), concurra::ResultError> {
    state.result::<Opaque>("opaque").map(drop)
}

#[task]
fn not_a_number() -> f64 {
    f64::NAN
}

#[task]
fn endless() -> Vec<f64> {
    vec![f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE]
}

#[task]
fn long_number() -> u128 {
    u128::MAX
}

#[task]
fn reads_numbers(state: &State) -> Result<bool, concurra::ResultError> {
    let numbers = state.result::<Vec<f64>>("endless")?;
    let kept = *numbers == endless() && *state.result::<u128>("long_number")? == u128::MAX;
    Ok(kept && state.result::<f64>("not_a_number")?.is_nan())
}

#[task]
fn length_of_param(state: &State) -> usize {
    state.param("text").map_or(0, str::len)
}

#[task]
fn reads_param(state: &State) -> Option<String> {
    state.param("env").map(ToOwned::to_owned)
}

#[task]
fn reads_shared(state: &State) -> Result<u64, concurra::StateError> {
    let limits = state.shared::<Limits>("limits")?;
    Ok(limits.most + *state.get::<u64>("base")?)
}

#[task]
fn reads_unshared(state: &State) -> Result<i32, concurra::StateError> {
    state.get::<i32>("private").map(|number| *number)
}

#[task]
fn updates(state: &State) -> Result<(), concurra::StateError> {
    state.update("hits", || 0, |hits: &mut u32| *hits += 1)
}

#[task]
fn inserts(state: &State) {
    state.insert("hits", 1);
}

#[task]
fn opaque() -> Opaque {
    Opaque
}

#[task]
fn fails() -> Result<(), String> {
    println!("to standard output");
    eprintln!("to standard error");
    Err("on purpose".to_owned())
}

#[task]
fn writes_much() {
    for line in 0..300_000 {
        println!("{line}");
    }
    eprintln!("that was much");
}

#[task]
fn logs() {
    tracing::info!(orders = 3, customer = r#"J "D""#, "loaded");
    tracing::debug!("nobody asked for this");
}

pub(crate) const TOKEN: &str = "tok-swordfish";

#[task(secret)]
fn logs_in() -> String {
    println!("got {TOKEN}");
    TOKEN.to_owned()
}

#[task(secret)]
fn does_not_log_in() -> Result<String, String> {
    eprintln!("got {TOKEN}");
    Err("it is refused".to_owned())
}

#[task]
fn uses_the_login() -> Result<(), String> {
    println!("with {TOKEN}");
    Err(format!("401 with {TOKEN}"))
}

#[task]
fn panics() {
    panic!("in a worker process")
}

#[task]
fn skips() {
    concurra::skip!("no board");
}

#[task]
fn exits() {
    process::exit(0);
}

#[task]
fn aborts() {
    process::abort();
}

#[task]
#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn overflows() -> u64 {
    fn deeper(n: u64) -> u64 {
        std::hint::black_box(deeper(n + 1) + std::hint::black_box(n))
    }
    deeper(0)
}

/// Where tasks write the numbers of their processes.
pub(crate) fn numbers() -> std::path::PathBuf {
    env::var_os("NUMBERS").map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), Into::into)
}

/// Writes the number of a process into a new file, all at once.
pub(crate) fn note(name: &str, number: u32) {
    let path = numbers().join(name);
    let half = path.with_extension("half");
    fs::write(&half, number.to_string()).expect("the folder is there");
    fs::rename(half, path).expect("the file is there");
}

#[task]
fn hangs() {
    note("hangs", process::id());
    thread::sleep(Duration::from_secs(3600));
}

/// Starts a process that ignores SIGTERM.
#[expect(clippy::zombie_processes, reason = "its parent ends before it")]
fn start_a_grandchild(name: &str) {
    let line = "trap '' TERM; while :; do sleep 1; done";
    let grandchild = Command::new("sh").args(["-c", line]).spawn().expect("a shell");
    note(name, grandchild.id());
}

#[task]
fn aborts_with_a_grandchild() {
    start_a_grandchild("aborts");
    process::abort();
}

#[task]
fn segfaults_with_a_grandchild() {
    start_a_grandchild("segfaults");
    let number = process::id().to_string();
    // Once is not enough, as Rust's runtime looks at the first one.
    loop {
        Command::new("kill").args(["-SEGV", &number]).status().expect("`kill`");
    }
}

/// Its failure is so long that it takes a while until it is noted.
#[task]
fn fails_at_length_and_hangs() -> Result<(), String> {
    if numbers().join("fails").exists() {
        thread::sleep(Duration::from_secs(3600));
    }
    note("fails", process::id());
    Err("at length ".repeat(50_000))
}

#[task]
fn ends_when_asked() {
    // A run inside handles the signal.
    let mut inside = Runner::new().workers(1).handle_signals(true);
    let waits = || {
        while !concurra::is_cancelled() {
            thread::yield_now();
        }
    };
    inside.add("waits", waits);
    drop(inside.run());
    note("asked", process::id());
}

#[task(after = ["ends_when_asked"], timeout = "1m")]
fn last_number() -> u32 {
    process::id()
}

#[task(isolate, timeout = "1s")]
fn slow_to_read() -> Slow {
    Slow
}

/// Ends when its process, that of the parent, reads the result.
#[task]
fn until_it_is_read() {
    while !READING.load(Ordering::Acquire) {
        thread::yield_now();
    }
}

/// Runs while the result is read.
#[task(isolate, after = ["until_it_is_read"])]
fn bystander() {
    number(&numbers().join("read"));
}

/// Four of them run at once while their parent is killed.
macro_rules! sleepers {
    ($($name:ident)*) => { $(
        #[task]
        fn $name() {
            note(stringify!($name), process::id());
            thread::sleep(Duration::from_secs(3600));
        }
    )* };
}

sleepers!(sleeper_a sleeper_b sleeper_c sleeper_d);

#[task]
fn passes_at_the_second_attempt() -> Result<u32, String> {
    let mark = numbers().join("attempted");
    if mark.exists() {
        return Ok(process::id());
    }
    fs::write(mark, "").expect("the folder is there");
    // The first attempt takes its process with it.
    process::abort()
}

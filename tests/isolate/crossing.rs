//! Values, errors and records that cross between a run and its worker processes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::{env, fs, io, thread};

use concurra::{Outcome, ResultError, State, task};
use serde_json::Value;

use crate::support::{again, folder, outcome_of, run, runner};
use crate::tasks::TOKEN;
use crate::types::Limits;

scenarios! {
    results_parameters_and_shared_state_cross_over,
    numbers_without_json_cross_over,
    a_parameter_of_any_size_crosses_over,
    the_error_for_a_value_that_cannot_cross,
    the_error_for_a_value_that_its_writer_refuses,
    errors_come_back_with_their_output,
    long_output_goes_to_a_file,
    the_result_of_a_secret_task_is_masked_everywhere,
    records_come_back,
}

fn results_parameters_and_shared_state_cross_over() {
    let params = [("env".to_owned(), "dev".to_owned())];
    let state = State::with_params(params.into_iter().collect());
    state.share("limits", Limits { most: 40 });
    state.share("base", 2_u64);
    let names = ["structured", "reads", "reads_param", "reads_shared"];
    let runner = runner(&names).workers(1).state(state);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["reads"].result::<String>().expect("it passed"), "3 rows");
    let param = report["reads_param"].result::<Option<String>>().expect("it passed");
    assert_eq!(param.as_deref(), Some("dev"));
    assert_eq!(*report["reads_shared"].result::<u64>().expect("it passed"), 42);
    let rows = report["structured"].result::<Value>().expect("it passed");
    assert_eq!(rows["name"], "orders");
}

fn numbers_without_json_cross_over() {
    let names = ["not_a_number", "endless", "long_number", "reads_numbers"];
    let report = run(runner(&names).workers(1));
    assert_eq!(report.verify(), Ok(()));
    assert!(report["not_a_number"].result::<f64>().expect("it passed").is_nan());
    assert_eq!(*report["long_number"].result::<u128>().expect("it passed"), u128::MAX);
    assert!(*report["reads_numbers"].result::<bool>().expect("it passed"));
}

fn a_parameter_of_any_size_crosses_over() {
    let text = "x".repeat(8 << 20);
    let state = State::with_params([("text".to_owned(), text)].into());
    let report = run(runner(&["length_of_param"]).state(state));
    assert_eq!(*report["length_of_param"].result::<usize>().expect("it passed"), 8 << 20);
}

fn the_error_for_a_value_that_cannot_cross() {
    let mut runner = runner(&["opaque", "reads_unshared", "updates", "inserts", "nothing"]);
    let state = State::default();
    state.insert("private", 1);
    runner = runner.state(state);
    let report = run(runner);
    let (outcome, message) = outcome_of(&report, "opaque");
    assert_eq!(outcome, Outcome::Failed);
    assert!(message.contains("an Opaque, cannot come back from a worker process"), "{message}");
    let (outcome, message) = outcome_of(&report, "reads_unshared");
    assert_eq!(outcome, Outcome::Failed);
    assert!(message.contains("private"), "{message}");
    for name in ["updates", "inserts"] {
        let (outcome, message) = outcome_of(&report, name);
        assert_eq!(outcome, Outcome::Failed);
        let expected = r#""hits" cannot be changed by an isolated task"#;
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
}

type Pairs = HashMap<(u8, u8), u8>;

fn pairs() -> Pairs {
    [((1, 2), 3)].into()
}

#[task]
fn gives_pairs() -> Pairs {
    pairs()
}

#[task]
fn reads_pairs(state: &State) -> Result<(), ResultError> {
    loop {
        match state.result::<Pairs>("made here") {
            Err(ResultError::NotRun { .. }) => thread::yield_now(),
            read => return read.map(drop),
        }
    }
}

#[task]
fn reads_shared_pairs(state: &State) -> Result<(), concurra::StateError> {
    state.shared::<Pairs>("pairs").map(drop)
}

fn the_error_for_a_value_that_its_writer_refuses() {
    let state = State::default();
    state.share("pairs", pairs());
    let names = ["gives_pairs", "reads_pairs", "reads_shared_pairs"];
    let chosen = names.map(|name| format!("crossing::{name}"));
    let [gives, reads, shared] = chosen.each_ref().map(String::as_str);
    let mut runner = runner(&[gives, reads, shared, "made here"]).retries(1).state(state);
    runner.add("made here", pairs).isolate(false);
    let report = run(runner);
    let refused = "this HashMap<(u8, u8), u8> cannot be written as JSON: key must be a string";
    let expected = [
        "its result cannot come back from its process: ",
        "the result of task \"made here\" cannot be read by an isolated task: ",
        "\"pairs\" was shared as a HashMap<(u8, u8), u8>, which cannot be read here: ",
    ];
    for (name, words) in names.into_iter().zip(expected) {
        assert_eq!(outcome_of(&report, name), (Outcome::Failed, format!("{words}{refused}")));
    }
    assert_eq!(report["gives_pairs"].attempts(), 1, "another one would come to the same");
}

fn long_output_goes_to_a_file() {
    let folder = folder().join("output");
    for workers in [1, 2, 8] {
        drop(fs::remove_dir_all(&folder));
        let runner = runner(&["writes_much", "fails"]).workers(workers).output_dir(&folder);
        let report = run(runner);
        let output = report["writes_much"].output().expect("it writes");
        let path = folder.join("tasks.writes_much-1.stdout");
        let whole = fs::read_to_string(&path).expect("the whole");
        assert_eq!(whole, (0..300_000).map(|line| format!("{line}\n")).collect::<String>());
        assert!(output.stdout.len() < 1_100_000 && output.stdout.ends_with("\n299999\n"));
        let line = format!(" bytes are left out; the whole is in {}\n", path.display());
        assert!(output.stdout.contains(&line), "{}", &output.stdout[..100]);
        assert_eq!(output.stderr, "that was much\n");
        // The next task of the process begins anew.
        let output = report["fails"].output().expect("it writes");
        assert_eq!(output.stdout, "to standard output\n");
    }
}

fn errors_come_back_with_their_output() {
    let report = run(runner(&["fails", "panics", "skips"]));
    assert_eq!(outcome_of(&report, "fails"), (Outcome::Failed, "on purpose".to_owned()));
    let output = report["fails"].output().expect("it wrote something");
    assert_eq!(output.stdout, "to standard output\n");
    assert_eq!(output.stderr, "to standard error\n");
    let failure = report["panics"].failure().expect("it panicked");
    assert_eq!(failure.message, "panicked: in a worker process");
    assert!(failure.place.expect("a panic has a place").contains("tasks.rs:"));
    assert_eq!(report["skips"].outcome(), Outcome::Skipped);
    assert_eq!(report["skips"].cause().as_deref(), Some("no board"));
}

fn the_result_of_a_secret_task_is_masked_everywhere() {
    // One after the other, in the order of the source.
    let report = run(runner(&["logs_in", "does_not_log_in", "uses_the_login"]).workers(1));
    assert_eq!(*report["logs_in"].result::<String>().expect("it passed"), TOKEN);
    let output = |name: &str| report[name].output().expect("it wrote something");
    // The output of a secret task may contain its result in any form.
    assert_eq!(output("logs_in").stdout, "***");
    assert_eq!(output("does_not_log_in").stderr, "***");
    assert_eq!(
        outcome_of(&report, "does_not_log_in"),
        (Outcome::Failed, "it is refused".to_owned())
    );
    assert_eq!(output("uses_the_login").stdout, "with ***\n");
    assert_eq!(outcome_of(&report, "uses_the_login").1, "401 with ***");
    let all = format!("{report} {}", report.to_json());
    assert!(!all.contains("sword"), "{all}");
}

/// Keeps the log of this process's threads.
#[derive(Clone, Default)]
struct Records(Arc<Mutex<String>>);

impl io::Write for Records {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.lock().expect("no panic under the lock").push_str(&text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn records_come_back() {
    if env::var_os("NUMBERS").is_none() {
        return again("records_come_back");
    }
    let records = Records::default();
    let writer = records.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the first");
    let report = run(runner(&["logs"]));
    assert_eq!(report.verify(), Ok(()));
    let log = records.0.lock().expect("no panic under the lock").clone();
    // Texts are not escaped: the mask finds no escaped secrets.
    assert!(log.contains(r#"loaded orders=3 customer="J "D"""#), "{log}");
    assert!(log.contains("isolate::tasks"), "{log}");
    assert!(!log.contains("nobody asked"), "{log}");
}

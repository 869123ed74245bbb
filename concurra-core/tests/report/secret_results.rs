//! The result of a secret task is masked everywhere, however the task ends.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use concurra_core::{Event, Observer, Outcome, Plan, Report, Runner, TaskBuilder};
use serde_json::json;

use crate::support::run;

const TOKEN: &str = "tok-swordfish";

/// Records all events and callbacks of a run.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

impl Recorder {
    fn add(&self, text: &str) {
        self.0.lock().expect("no panic under the lock").push_str(text);
    }
}

impl Observer for Recorder {
    fn event(&mut self, _: &Plan, event: &Event) {
        self.add(&format!("{event:?}\n"));
    }
}

type Add = for<'r> fn(&'r mut Runner) -> TaskBuilder<'r>;

/// A way to end, and in how many attempts.
struct Way(&'static str, Outcome, u32, Option<&'static str>, Add);

/// A command that knows the token only when it runs.
fn shell<'r>(runner: &'r mut Runner, text: &str) -> TaskBuilder<'r> {
    runner.shell("login", text).env("TOKEN", TOKEN)
}

/// Long enough for a command to write its line on a busy machine.
const LIMIT: Duration = Duration::from_secs(1);

const WAYS: [Way; 10] = [
    Way("closure passes", Outcome::Passed, 1, None, |runner| {
        runner.add("login", || TOKEN.to_owned())
    }),
    Way("closure is retried", Outcome::Passed, 2, None, |runner| {
        let mut tokens = [Ok(TOKEN.to_owned()), Err("not yet")].into_iter().cycle();
        tokens.next();
        runner.add("login", move || tokens.next().expect("there is no end")).retries(1)
    }),
    Way("closure is mocked", Outcome::Mocked, 0, Some(TOKEN), |runner| {
        runner.add("login", String::new)
    }),
    Way("closure takes too long", Outcome::TimedOut, 1, None, |runner| {
        let late = || {
            while !concurra_core::is_cancelled() {
                std::thread::yield_now();
            }
            TOKEN.to_owned()
        };
        runner.add("login", late).timeout(Duration::from_millis(1))
    }),
    Way("command passes", Outcome::Passed, 1, None, |runner| {
        shell(runner, "echo $TOKEN; echo $TOKEN >&2")
    }),
    Way("command may fail", Outcome::Passed, 1, None, |runner| {
        shell(runner, "echo $TOKEN >&2; exit 1").check(false)
    }),
    Way("command fails", Outcome::Failed, 1, None, |runner| shell(runner, "echo $TOKEN; exit 1")),
    Way("command takes too long", Outcome::TimedOut, 1, None, |runner| {
        shell(runner, "echo $TOKEN; exec sleep 1000").timeout(LIMIT)
    }),
    Way("command is retried", Outcome::Failed, 2, None, |runner| {
        shell(runner, "echo $TOKEN >&2; exit 1").retries(1)
    }),
    Way("command is mocked", Outcome::Mocked, 0, Some("tok-swordfish\n"), |runner| {
        shell(runner, "exit 1")
    }),
];

/// All texts of a run: events, callbacks and the report.
fn all(report: &Report, shown: &Recorder) -> String {
    let mut all = shown.0.lock().expect("no panic under the lock").clone();
    for task in report.tasks() {
        all += &format!("{:?} {:?} ", task.output(), task.failure());
        all += &format!("{:?} {:?}\n", task.retry_errors(), task.cause());
    }
    format!("{all}{report}\n{}\n{:?}", report.to_json(), report.verify())
}

/// The report of a secret task that ends in this way, and of a task that reports its result.
fn ended(way: &Way, shown: &Recorder) -> Report {
    let Way(_, _, _, given, add) = way;
    let mut runner = Runner::new().run_dependents(true).observe(Box::new(shown.clone()));
    let done = shown.clone();
    runner = runner.on_task_done(move |done_task| done.add(&format!("{done_task:?}\n")));
    if given.is_some() {
        runner = runner.mock("login", *given);
    }
    add(&mut runner).secret();
    runner.add("pay", || Err::<(), _>(format!("{TOKEN:?} was refused"))).after(["login"]);
    run(runner)
}

#[test]
fn the_result_of_a_secret_task_is_masked_however_it_ends() {
    for way in &WAYS {
        let (shown, Way(name, outcome, attempts, ..)) = (Recorder::default(), way);
        let report = ended(way, &shown);
        let login = &report["login"];
        assert_eq!((login.outcome(), login.attempts()), (*outcome, *attempts), "{name}");
        // An abandoned closure has no result that could be masked.
        if *name != "closure takes too long" {
            assert_eq!(report["pay"].error().as_deref(), Some("\"***\" was refused"), "{name}");
            let all = all(&report, &shown);
            assert!(!all.contains("sword"), "{name}: {all}");
        }
        let text = format!("{:?} {:?}", login.output(), login.failure());
        assert!(!text.contains("sword"), "{name}: {text}");
    }
}

#[test]
fn the_output_of_a_secret_command_is_masked_whole() {
    let shown = Recorder::default();
    let mut runner = Runner::new().observe(Box::new(shown.clone()));
    // Each line is too short to be masked in other texts.
    runner.shell("passes", "echo @7; echo @8 >&2").secret();
    runner.shell("fails", "echo @7; printf '@8\\n@9' >&2; exit 3").secret().retries(1);
    let report = run(runner);
    let output = report["passes"].output().expect("it wrote something");
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("***", "***"));
    assert_eq!(report["fails"].error().as_deref(), Some("exited with 3"));
    assert_eq!(report["fails"].retry_errors()[0].to_string(), "exited with 3");
    assert_eq!(report.to_json()["tasks"][1]["result"], "***");
    let shown = shown.0.lock().expect("no panic under the lock").clone();
    // The first event has the commands themselves, which are not secret.
    let (first, shown) = shown.split_once('\n').expect("several events");
    assert!(first.starts_with("RunStarted") && !shown.contains('@'), "{shown}");
}

#[test]
fn texts_are_masked_once_they_become_secret() {
    let mut made = 0;
    let login = move || {
        made += 1;
        if made == 1 { Err(format!("{TOKEN} is too new")) } else { Ok(TOKEN.to_owned()) }
    };
    for flaky_fails in [false, true] {
        let mut runner = Runner::new().workers(1).flaky_fails(flaky_fails);
        runner.add("early", || Err::<(), _>(format!("{TOKEN} is unknown")));
        runner.shell("says", format!("echo {TOKEN}; exit 1"));
        runner.add("login", login).secret().retries(1);
        let report = run(runner);
        assert_eq!(report["early"].failure().expect("it failed").message, "*** is unknown");
        assert_eq!(report["login"].retry_errors()[0].message, "*** is too new");
        assert_eq!(report["says"].output().expect("it wrote something").stdout, "***\n");
        assert!(!all(&report, &Recorder::default()).contains("sword"));
    }
}

#[test]
fn the_arguments_of_a_secret_command_are_not_secret() {
    let mut runner = Runner::new();
    runner.command("task", ["true"]).current_dir("/").secret();
    runner.command("list", ["ls", "-d", "/"]).current_dir("/").secret();
    runner.add("read", || Err::<(), _>("cannot read /tmp/true")).after(["task", "list"]);
    let report = run(runner);
    let text = report.to_string();
    assert_eq!(report["read"].error().as_deref(), Some("cannot read /tmp/true"));
    assert!(text.contains("task  | true ") && text.contains("list  | ls -d / "), "{text}");
}

#[test]
fn a_secret_is_masked_as_an_error_quotes_it() {
    let param = ("pin".to_owned(), "pa\"ss\\word99".to_owned());
    let state = concurra_core::State::with_params([param].into());
    let mut runner = Runner::new().state(state).secret_params(["pin"]);
    runner.add_with_state("read", |state: &concurra_core::State| state.param_as::<u32>("pin"));
    runner.add_with_state("unwrap", |state: &concurra_core::State| {
        state.param_as::<u32>("pin").expect("a number")
    });
    runner.add_with_state("json", |state: &concurra_core::State| {
        Err::<(), _>(serde_json::json!({"pin": state.param("pin")}).to_string())
    });
    let report = run(runner);
    let text = format!("{report} {}", report.to_json());
    assert!(!text.contains("word99") && !text.contains("pa\\"), "{text}");
    assert_eq!(report["json"].error().as_deref(), Some(r#"{"pin":"***"}"#));
}

#[test]
fn a_builder_shows_only_names_to_debuggers() {
    let mut runner = Runner::new().mock("login", Some(TOKEN));
    let builder = runner.add("login", String::new).secret();
    assert_eq!(format!("{builder:?}"), "TaskBuilder { names: [\"login\"], .. }");
}

#[test]
fn keys_of_a_map_are_secret_unless_they_may_be_names() {
    let mut runner = Runner::new();
    let session = || BTreeMap::from([(TOKEN.to_owned(), "alice".to_owned())]);
    runner.add("sessions", session).secret();
    runner.add("fields", || json!({"user": "robert"})).secret();
    let fails = || Err::<(), _>(format!("no user robert in {TOKEN}"));
    runner.add("uses", fails).after(["sessions", "fields"]);
    assert_eq!(run(runner)["uses"].error().as_deref(), Some("no user *** in ***"));
}

#[test]
fn bytes_are_secret_as_text_and_numbers_in_numbers() {
    let mut runner = Runner::new();
    runner.add("token", || TOKEN.as_bytes().to_vec()).secret();
    runner.add("pin", || 123_456).secret();
    let values = || vec![123_456.0, 91_234_567.0, 12.5];
    runner.add("values", values).after(["pin"]);
    runner.add("uses", || Err::<(), _>(format!("{TOKEN} is old"))).after(["token"]);
    let report = run(runner);
    assert_eq!(report["uses"].error().as_deref(), Some("*** is old"));
    assert_eq!(report.to_json()["tasks"][2]["result"], json!(["***", "***", 12.5]));
}

/// A type that cannot be written as JSON.
struct Opaque;

impl concurra_core::Output for Opaque {}

#[test]
fn a_secret_result_that_cannot_be_written_has_a_warning() {
    let mut runner = Runner::new();
    runner.add("login", || Opaque).secret();
    let report = run(runner);
    assert_eq!(report.to_json()["tasks"][0]["result"], "***");
    assert_eq!(
        report["login"].warning().as_deref(),
        Some(
            "an Opaque cannot be written as JSON: only std's common types can, and types with \
             serde::Serialize that annotated tasks return; its result is hidden, but not \
             where other texts contain parts of it"
        )
    );
}

#[test]
fn a_result_that_comes_too_late_is_secret_as_well() {
    let (over, ended) = channel();
    let mut runner = Runner::new().workers(1);
    let login = move || ended.recv().map(|()| TOKEN.to_owned());
    runner.add("login", login).secret().timeout(Duration::from_millis(20));
    let fails = move || {
        over.send(()).expect("the login waits");
        Err::<(), _>(format!("bad {TOKEN}"))
    };
    runner.add("clean up", fails).after(["login"]).always();
    let report = run(runner);
    assert_eq!(report["login"].outcome(), Outcome::TimedOut);
    let patience = Instant::now() + Duration::from_secs(30);
    while report["clean up"].error().as_deref() != Some("bad ***") {
        assert!(Instant::now() < patience, "{report}");
        std::thread::yield_now();
    }
}

#[test]
fn warnings_tell_no_secrets() {
    let mut runner = Runner::new().workers(1).on_task_start(|_| panic!("saw {TOKEN}"));
    runner.add("login", || TOKEN.to_owned()).secret();
    runner.add("later", || ()).after(["login"]);
    let report = run(runner);
    let [warning] = &report.warnings()[..] else { panic!("{:?}", report.warnings()) };
    assert!(warning.starts_with("a callback panicked: saw *** at "), "{warning}");
    assert!(warning.ends_with(" (2 times)"), "{warning}");
}

use std::sync::{Arc, Mutex};
use std::time::Duration;

use concurra_core::{Observer, Plan, Rerun, RunFinished, Runner, State};

use super::*;
use crate::report::{KINDS, Reporter, Reporters, Sink};

/// Keeps the written bytes.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every console and every kind of report, each with its own sink.
struct All {
    reporters: Reporters,
    written: Vec<(String, Kept)>,
}

impl All {
    fn new() -> Self {
        let mut all = Self { reporters: Reporters::default(), written: Vec::new() };
        all.reporters.begin("tests/flow.rs");
        for supervised in [true, false] {
            for format in [Format::Pretty, Format::Terse] {
                for show_output in [true, false] {
                    let style = Style { show_output, ..Style::default() };
                    let name = format!("{supervised} {format:?} {show_output}");
                    all.push(name, console(supervised, format, style));
                }
            }
        }
        all.push("json lines".to_owned(), console(true, Format::Json, Style::default()));
        for kind in KINDS {
            all.push(kind.name.to_owned(), (kind.make)());
        }
        all
    }

    fn push(&mut self, name: String, reporter: Box<dyn Reporter>) {
        let kept = Kept::default();
        self.reporters.push(reporter, Sink::pipe(kept.clone()));
        self.written.push((name, kept));
    }

    fn end(mut self) -> Vec<(String, String)> {
        assert!(self.reporters.end().is_empty());
        self.written.into_iter().map(|(name, kept)| (name, kept.text())).collect()
    }
}

impl Observer for All {
    fn event(&mut self, _: &Plan, event: &Event) {
        let rerun = Rerun {
            target: "mtrun flow".to_owned(),
            options: " --token='***'".to_owned(),
            hides_secrets: true,
        };
        match event {
            Event::RunFinished(finished) => {
                let finished = RunFinished { rerun: Some(rerun), ..finished.clone() };
                self.reporters.event(&Event::RunFinished(finished));
            }
            event => self.reporters.event(event),
        }
    }

    fn wants_results(&self) -> bool {
        true
    }
}

/// Passes events on, and lets the test keep the reporters.
struct Shared(Arc<Mutex<All>>);

impl Observer for Shared {
    fn event(&mut self, plan: &Plan, event: &Event) {
        self.0.lock().expect("no panic").event(plan, event);
    }

    fn wants_results(&self) -> bool {
        true
    }
}

/// The output of every reporter in a live run.
fn live(runner: Runner) -> Vec<(String, String)> {
    let all = Arc::new(Mutex::new(All::new()));
    runner.observe(Box::new(Shared(Arc::clone(&all)))).run().expect("a plan");
    let all = Arc::into_inner(all).expect("the run is over").into_inner().expect("no panic");
    all.end()
}

/// The output of every reporter for recorded events.
fn replayed(lines: &str) -> Vec<(String, String)> {
    let mut all = All::new();
    events(lines.as_bytes()).for_each(|event| all.reporters.event(&event.expect("an event")));
    all.end()
}

fn lines(written: &[(String, String)]) -> &str {
    &written.iter().find(|(name, _)| name == "jsonl").expect("it is a kind").1
}

type Scenario = (&'static str, fn(Runner) -> Runner);

const SCENARIOS: [Scenario; 14] = [
    ("no tasks that fail", |mut runner| {
        runner.add("load", || vec![1, 2]).tags(["layer1"]);
        runner.add("count", || 2_u64).after(["load"]);
        runner
    }),
    ("a panic", |mut runner| {
        runner.add("fails", || -> () { panic!("no rows\nat all\u{1b}[31m") });
        runner
    }),
    ("an error with causes", |mut runner| {
        let error = || Err::<(), _>(io::Error::new(io::ErrorKind::NotFound, "no `config`"));
        runner.add("fails", error);
        runner
    }),
    ("skips far down", |mut runner| {
        runner.add("fails", || Err::<(), _>("no"));
        runner.add_all((0..30).map(|task| (format!("below {task}"), || ())));
        runner.add("first", || ()).after(["fails"]);
        runner.add("second", || ()).after(["first"]);
        runner
    }),
    ("a task that skips itself", |mut runner| {
        runner.add("leaves", || -> () { concurra_core::skip("no device | `x`") });
        runner.add("below", || ()).after(["leaves"]);
        runner
    }),
    ("retries", |mut runner| {
        let mut left = 3;
        let wobbly = move || {
            left -= 1;
            if left == 0 { Ok(()) } else { Err(format!("{left} left\nand more")) }
        };
        runner.add("wobbly", wobbly).retries(5);
        runner.add("never", || Err::<(), _>("no")).retries(6).backoff(Duration::from_millis(1));
        runner
    }),
    ("flaky tasks that fail", |runner| {
        let mut runner = runner.flaky_fails(true);
        let mut left = 2;
        let wobbly = move || {
            left -= 1;
            if left == 0 { Ok(()) } else { Err("not yet") }
        };
        runner.add("wobbly", wobbly).retries(5);
        runner
    }),
    ("captured output", |mut runner| {
        runner.shell("good", "echo out; printf 'no end' >&2");
        runner.shell("bad", "echo ünï; echo err >&2; exit 3").retries(1);
        runner
    }),
    ("a process in the background", |mut runner| {
        runner.shell("starts", "sleep 5 & echo hi");
        runner
    }),
    ("a timeout", |mut runner| {
        runner.shell("sleeps", "echo begun; exec sleep 1000").timeout(Duration::from_millis(20));
        runner
    }),
    ("a stop", |runner| {
        let mut runner = runner.max_fail(1).workers(1);
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("never", || ());
        runner.add("cleans", || ()).after(["never"]).always();
        runner
    }),
    ("mocks and dependents that run", |runner| {
        let mut runner = runner.mock("mocked", Some("5")).run_dependents(true);
        runner.add("mocked", || 1_i32);
        runner.add("fails", || Err::<(), _>("no")).after(["mocked"]);
        runner.add("runs all the same", || ()).after(["fails"]);
        runner
    }),
    ("unicode", |mut runner| {
        runner.add("größe 🦀", || Err::<(), _>("日本 ``` \\ \"quoted\"")).tags(["äöü"]);
        runner
    }),
    ("secrets", |runner| {
        let params = [("token".to_owned(), "tok-swordfish".to_owned())].into();
        let mut runner = runner.state(State::with_params(params)).secret_params(["token"]);
        runner.add("early", || Err::<(), _>("tok-swordfish, tok-later"));
        runner.add("login", || "tok-later").secret().after(["early"]).always();
        runner
    }),
];

#[test]
fn a_recorded_run_looks_as_the_live_one_did() {
    for (name, add) in SCENARIOS {
        for workers in [1, 2, 8] {
            let live = live(add(Runner::new().name(name).workers(workers)));
            let again = replayed(lines(&live));
            for ((reporter, live), (_, again)) in live.iter().zip(&again) {
                assert_eq!(live, again, "{name}, {reporter}");
                assert!(!live.is_empty(), "{name}, {reporter}");
            }
        }
    }
}

#[test]
fn the_warning_of_a_task_that_passed_is_shown() {
    let (_, add) = SCENARIOS[8];
    for (reporter, text) in live(add(Runner::new())) {
        let form = if reporter.starts_with("json") { "warning\":\"" } else { "warning: starts: " };
        let is_shown = text.contains(&format!("{form}a process that it started goes on"));
        assert!(is_shown || reporter == "json lines", "{reporter}: {text}");
    }
}

#[test]
fn a_stream_that_breaks_off_is_read_up_to_its_last_whole_line() {
    let (_, add) = SCENARIOS[3];
    let live = live(add(Runner::new().workers(1)));
    let text = lines(&live);
    let whole = text.lines().count();
    for cut in [1, 10, text.len() / 2, text.len() - 1] {
        let read = events(&text.as_bytes()[..cut]).map(|event| event.expect("an event"));
        let read = read.count();
        assert_eq!(read, text[..cut].matches('\n').count());
        assert!(read < whole);
    }
}

#[test]
fn the_console_shows_a_record_again() {
    let (_, add) = SCENARIOS[7];
    let live = live(add(Runner::new().workers(2)));
    let replay = |lines: &[u8], out: &mut Vec<u8>| replay(lines, true, Format::Pretty, true, out);
    let mut out = Vec::new();
    replay(lines(&live).as_bytes(), &mut out).expect("it is written");
    let shown = live.iter().find(|(name, _)| name == "true Pretty true").expect("it is there");
    assert_eq!(String::from_utf8(out).expect("text"), shown.1);
    let wrong = replay(&b"no event\n"[..], &mut Vec::new());
    assert_eq!(wrong.expect_err("it is none").kind(), io::ErrorKind::InvalidData);
}

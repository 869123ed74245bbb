//! Mocks: results from outside.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use concurra_core::{
    Captured, CommandOutput, IntoOutput, Outcome, Output, Report, Runner, Selection, State,
    TaskBuilder, TaskResult,
};

use crate::{edges, error, runner, selected};

const CHAIN: &[(&str, &str, &str)] =
    &[("far", "", ""), ("near", "far", ""), ("shared", "", ""), ("end", "near shared", "")];

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.tasks().iter().map(|task| (task.name(), task.outcome())).collect()
}

#[test]
fn the_dependencies_of_a_mocked_task_are_not_pulled_in() {
    let only_end = |selection: &mut Selection| selection.filters = vec!["end".to_owned()];
    let planned = selected(CHAIN, only_end).mock("near", None).plan().expect("a plan");
    assert_eq!(edges(planned.plan()), "(near) (shared) end<near,shared");
    assert_eq!(
        outcomes(&planned.run()),
        [("near", Outcome::Mocked), ("shared", Outcome::Passed), ("end", Outcome::Passed)]
    );
}

#[test]
fn a_chosen_task_that_is_mocked_waits_for_nothing() {
    let mut wrong = runner(CHAIN).mock("near", None);
    wrong.add("fails", || Err::<(), _>("no"));
    let planned = wrong.plan().expect("a plan");
    assert_eq!(edges(planned.plan()), "far near shared end<near,shared fails");
    let report = planned.run();
    assert_eq!(report["near"].outcome(), Outcome::Mocked);
    assert_eq!(report["end"].outcome(), Outcome::Passed);
    assert_eq!(report["near"].duration(), None);
}

#[test]
fn one_task_alone_reads_mocks() {
    for workers in [1, 2, 8] {
        // A body may read the result of a mock, whether it declares the dependency or not.
        for after in [&["first"][..], &[]] {
            let mut selection = Selection::default();
            selection.only = vec!["second".into()];
            let mut runner = Runner::new().workers(workers).select(selection);
            runner.add("first", || -> String { unreachable!("it is given") });
            let body = |state: &State| {
                state.result::<String>("first").map(|first| format!("{first} seen"))
            };
            runner.add_with_state("second", body).after(after.iter().copied());
            let report = runner.mock("first", Some("mock")).run().expect("a plan");
            assert_eq!(*report["second"].result::<String>().expect("passed"), "mock seen");
            assert_eq!(report.counts().to_string(), "1 passed, 1 mocked");
            assert!(report.is_good());
        }
    }
}

#[test]
fn a_task_that_was_left_out_has_no_result_yet() {
    let mut selection = Selection::default();
    selection.only = vec!["second".into()];
    let mut runner = Runner::new().workers(1).select(selection);
    runner.add("first", || 1);
    runner
        .add_with_state("second", |state: &State| state.result::<i32>("first").map(|_| ()))
        .after(["first"]);
    let report = runner.run().expect("a plan");
    let failure = report["second"].failure().expect("it failed").to_string();
    assert_eq!(
        failure,
        "task \"first\" is not part of this run; run it too, or mock it \
         (`--result-first=VALUE`)"
    );
}

/// A dependent finds the text that was given as this value.
#[track_caller]
fn takes<R, T, M: 'static>(
    body: impl FnMut() -> R + Send + 'static,
    text: Option<&str>,
    expected: T,
) where
    R: IntoOutput<M, Value: TaskResult>,
    T: PartialEq + Debug + Send + Sync + 'static,
{
    let mut runner = Runner::new().workers(1).mock("m", text);
    runner.add("m", body);
    let read = |state: &State| state.result::<T>("m").map(|_| ());
    runner.add_with_state("reads", read).after(["m"]);
    let report = runner.run().expect("the text fits");
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["m"].result::<T>().expect("it was given"), expected);
}

#[test]
fn a_mock_has_the_type_that_the_closure_returns() {
    takes(|| 1u32, Some("5"), 5u32);
    takes(|| Ok::<_, String>(1u32), Some("5"), 5u32);
    takes(|| Ok::<_, Box<dyn Error>>(1u32), Some("5"), 5u32);
    takes(|| 1.5f64, Some("2"), 2.0);
    takes(|| 1.5f64, Some("-Infinity"), f64::NEG_INFINITY);
    takes(|| u128::MAX, Some("340282366920938463463374607431768211455"), u128::MAX);
    takes(|| 'a', Some("ä"), 'ä');
    takes(String::new, Some("5"), String::from("5"));
    takes(String::new, Some("two words"), String::from("two words"));
    takes(String::new, Some("\"quoted\""), String::from("quoted"));
    takes(|| "literal", Some("text"), "text");
    takes(|| vec![String::new()], Some(r#"["a", "b"]"#), vec![String::from("a"), "b".into()]);
    takes(|| Some(1u32), Some("null"), None::<u32>);
    takes(|| Some(String::new()), Some("text"), Some(String::from("text")));
    takes(
        BTreeMap::<String, i64>::new,
        Some(r#"{"a": 1}"#),
        BTreeMap::from([(String::from("a"), 1i64)]),
    );
    takes(PathBuf::new, Some("a/b"), PathBuf::from("a/b"));
    takes(|| IpAddr::from([1, 1, 1, 1]), Some("127.0.0.1"), IpAddr::from(Ipv4Addr::LOCALHOST));
    takes(|| Duration::ZERO, Some("1.5"), Duration::from_millis(1500));
    for text in [None, Some("anything")] {
        takes(|| (), text, ());
        takes(|| Ok::<(), String>(()), text, ());
    }
}

/// Adds one task.
type Add = fn(&mut Runner) -> TaskBuilder<'_>;

#[test]
fn every_method_that_adds_a_closure_records_its_result_type() {
    let ways: [Add; 4] = [
        |runner| runner.add_with_state("0", |_| 1u32),
        |runner| runner.add_unnamed(|| 1u32),
        |runner| runner.add_all([("0", || 1u32)]),
        |runner| runner.add("0", || 1u32).timeout(Duration::from_secs(9)).serial("s"),
    ];
    for way in ways {
        let mut good = Runner::new().mock("0", Some("5"));
        way(&mut good);
        let report = good.run().expect("a plan");
        assert_eq!(report["0"].result::<u32>().as_deref(), Ok(&5));
        let mut bad = Runner::new().mock("0", Some("abc"));
        way(&mut bad);
        assert!(error(bad).contains("`abc` is not a u32"));
    }
}

#[test]
fn a_text_that_is_not_valid_for_the_result_type_is_refused() {
    let refused = |add: Add, text| {
        let mut runner = Runner::new().mock("m", text);
        add(&mut runner);
        let message = error(runner);
        let (front, why) =
            message.split_at("the selection is wrong: the mock of `m` (`--result-m`): ".len());
        assert_eq!(front, "the selection is wrong: the mock of `m` (`--result-m`): ");
        why.to_owned()
    };
    let number: Add = |runner| runner.add("m", || 1u32);
    assert_eq!(
        refused(number, Some("abc")),
        "`abc` is not a u32: invalid type: string \"abc\", expected u32"
    );
    assert_eq!(
        refused(number, Some("-1")),
        "`-1` is not a u32: invalid value: integer `-1`, expected u32"
    );
    assert_eq!(refused(number, None), "a value is missing: the task's result is a u32");
    assert_eq!(
        refused(|runner| runner.add("m", || vec![1u32]), Some("[1,\n")),
        r"`[1,\n` is not a Vec<u32>: it is incomplete JSON"
    );
    assert_eq!(
        refused(|runner| runner.add("m", || 1u32).secret(), Some("hunter2")),
        "it is not a u32"
    );
    let long = "x".repeat(1000);
    let told = format!("`{}…` is not a u32: ", "x".repeat(60));
    assert!(refused(number, Some(&long)).starts_with(&told));
}

#[test]
fn a_type_that_cannot_be_read_from_text_is_refused() {
    struct Receipt;
    impl Output for Receipt {}
    for text in [None, Some("5")] {
        let mut runner = Runner::new().mock("m", text);
        runner.add("m", || Receipt);
        assert_eq!(
            error(runner),
            "the selection is wrong: the mock of `m` (`--result-m`): a Receipt cannot be read from text; \
             add a closure that returns it instead, or return it from an annotated task as well, if \
             serde::Deserialize or FromStr is implemented for it"
        );
    }
}

#[test]
fn the_mock_of_a_command_is_its_output() {
    let output = |add: Add, text| {
        let mut runner = Runner::new().mock("m", text);
        add(&mut runner);
        let report = runner.run().expect("a plan");
        assert_eq!(report["m"].outcome(), Outcome::Mocked);
        report["m"].result::<CommandOutput>().expect("it was given")
    };
    let false_: Add = |runner| runner.command("m", ["false"]).current_dir("/nowhere");
    let given = output(false_, Some("2 orders\n"));
    assert_eq!(given.stdout, Captured::Text("2 orders\n".to_owned()));
    assert_eq!(given.stderr, Captured::Text(String::new()));
    assert_eq!((given.command.as_str(), given.returncode, given.shell), ("false", Some(0), false));
    assert_eq!(given.cwd, Some(PathBuf::from("/nowhere")));
    assert_eq!(output(false_, None).stdout, Captured::Text(String::new()));
    let bytes = output(|runner| runner.shell("m", "echo 1").text(false), Some("2"));
    assert_eq!(bytes.stdout, Captured::Bytes(b"2".to_vec()));
    let elsewhere: Add = |runner| runner.shell("m", "echo 1").capture(false);
    assert_eq!(output(elsewhere, Some("2")).stdout, Captured::Text("2".to_owned()));
    assert_eq!(output(elsewhere, None).stdout, Captured::NotCaptured);
    let secret: Add = |runner| runner.shell("m", "echo $KEY").secret_env("KEY", "hunter2");
    assert_eq!(output(secret, Some("hunter2")).to_json()["stdout"], "***");
}

#[test]
fn the_last_mock_of_a_task_counts() {
    let mut runner = Runner::new().mock("db::m", Some("1")).mock("m", Some("2"));
    runner.add("db::m", || 0u32);
    let planned = runner.plan().expect("a plan");
    assert_eq!(planned.plan().selection().mocked, 1);
    assert_eq!(planned.run()["m"].result::<u32>().as_deref(), Ok(&2));
}

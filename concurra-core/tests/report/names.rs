//! Tasks of a report by name.

use std::panic::catch_unwind;
use std::sync::Mutex;

use concurra_core::{Report, Runner, State};

use crate::support::run;

fn named(names: &[&str]) -> Report {
    let mut runner = Runner::new();
    for name in names {
        let own = (*name).to_owned();
        runner.add(own.clone(), move || own.clone());
    }
    run(runner)
}

#[test]
fn a_task_is_found_by_its_whole_name_of_any_characters() {
    let names = ["", " ", "a", "a::b", "::", "b", "::b", "a b\nc", "x::", "ä|ö", "a:::b", "1.5"];
    let report = named(&names);
    for name in names {
        assert_eq!(report[name].name(), name);
        assert_eq!(report.get(name).expect(name).name(), name);
        assert_eq!(*report[name].result::<String>().expect(name), name);
    }
}

#[test]
fn a_task_is_found_by_a_suffix_that_only_one_has() {
    let report = named(&["db::migrate", "mail::send", "sms::send", "send all"]);
    assert_eq!(report["migrate"].name(), "db::migrate");
    assert_eq!(report["sms::send"].name(), "sms::send");
    for name in ["send", "grate", "all", "", "db", "db::"] {
        assert!(report.get(name).is_none(), "{name:?}");
    }
}

#[test]
fn an_unknown_name_gets_the_nearest_names() {
    let report = named(&["db::migrate", "mail::send", "sms::send"]);
    let message = |name: &'static str| {
        let report = std::panic::AssertUnwindSafe(&report);
        let panic = catch_unwind(|| report[name].name().len()).expect_err("no such task");
        *panic.downcast::<String>().expect("a message")
    };
    assert_eq!(
        message("db::migate"),
        r#"the run has no task "db::migate"; did you mean `db::migrate`?"#
    );
    assert_eq!(
        message("send"),
        r#""send" may be any of mail::send, sms::send; give more of its path"#
    );
}

#[test]
fn a_task_is_no_suggestion_for_a_result_that_it_reads() {
    for workers in [1, 2, 8] {
        let mut runner = Runner::new().workers(workers);
        let asks = |state: &State| state.result::<u8>("load_user").expect_err("none").to_string();
        runner.add("load_user1", || ());
        runner.add_with_state("load_users", asks).after(["load_user1"]);
        let report = runner.run().expect("a plan");
        assert_eq!(
            *report["load_users"].result::<String>().expect("passed"),
            r#"the run has no task "load_user"; did you mean `load_user1`?"#
        );
    }
}

/// Where this thread panics in the closure.
fn place_of_panic(panics: impl FnOnce() + std::panic::UnwindSafe) -> String {
    static PLACES: Mutex<Vec<(std::thread::ThreadId, String)>> = Mutex::new(Vec::new());
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().expect("a place").to_string();
        PLACES.lock().expect("no panic here").push((std::thread::current().id(), place));
        earlier(info);
    }));
    catch_unwind(panics).expect_err("it panics");
    let places = PLACES.lock().expect("no panic here");
    let own = places.iter().rfind(|(thread, _)| *thread == std::thread::current().id());
    own.expect("the hook was called").1.clone()
}

#[test]
fn the_panic_names_the_line_of_the_caller() {
    let report = named(&["load"]);
    let report = std::panic::AssertUnwindSafe(&report);
    let place = place_of_panic(|| {
        let _ = report["laod"].name().len();
    });
    assert!(place.starts_with(&format!("{}:{}:", file!(), line!() - 2)), "{place}");
}

#[test]
fn an_unnamed_task_is_found_by_its_index() {
    let mut runner = Runner::new();
    let label = runner.add_unnamed(|| 42).to_string();
    assert_eq!(*run(runner)[label.as_str()].result::<i32>().expect("passed"), 42);
}

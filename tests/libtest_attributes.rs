//! `#[ignore]` and `#[should_panic]` on tasks mean what they mean on tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{panic, thread};

use concurra::{Ignored, Outcome, Report, Selection, State, task};

/// Tasks that are ignored, and one that is not.
mod ignored {
    use concurra::task;

    use super::ran;

    #[task]
    #[ignore = "drops the production database"]
    fn below() {
        ran("below");
    }

    #[ignore = "drops the production database"]
    #[task]
    fn above() {
        ran("above");
    }

    #[task]
    #[ignore]
    fn bare() {
        ran("bare");
    }

    #[task]
    #[ignore = ""]
    fn empty() {
        ran("empty");
    }

    #[task]
    #[cfg_attr(all(), ignore = "by condition")]
    fn condition_below() {
        ran("condition_below");
    }

    #[cfg_attr(all(), cfg_attr(all(), ignore = "by condition"))]
    #[task]
    fn condition_above() {
        ran("condition_above");
    }

    #[task]
    #[cfg_attr(any(), ignore = "by a condition that does not hold")]
    fn no_condition() {
        ran("no_condition");
    }

    #[task(ignore = "the same")]
    #[ignore = "the same"]
    fn both() {
        ran("both");
    }

    #[task(ignore = "only here")]
    #[ignore]
    fn reason_in_the_option() {
        ran("reason_in_the_option");
    }

    macro_rules! declare {
        ($(#[$attribute:meta])* $name:ident, $reason:literal) => {
            #[task]
            $(#[$attribute])*
            #[ignore = $reason]
            fn $name() {
                ran(stringify!($name));
            }
        };
    }

    declare!(
        #[should_panic(expected = "x")]
        by_macro,
        "a macro's literal"
    );

    #[task(after = ["below"])]
    fn dependent() {
        ran("dependent");
    }
}

static RAN: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn ran(name: &'static str) {
    RAN.lock().expect("no panic under the lock").push(name);
}

/// Tasks that are to panic.
mod panicking {
    use super::*;

    #[task]
    #[should_panic]
    fn any() {
        panic!("disk full");
    }

    #[should_panic = "full"]
    #[task]
    fn contained() {
        panic!("disk {}", "full");
    }

    #[task]
    #[cfg_attr(all(), should_panic(expected = "disk full"))]
    fn whole(state: &State) {
        assert!(state.param("missing").is_some(), "disk full");
    }

    #[task]
    #[should_panic]
    fn not_text() {
        panic::panic_any(7);
    }

    #[task]
    #[should_panic]
    fn returns() {}

    #[task]
    #[should_panic(expected = "disk full")]
    fn returns_instead() {}

    #[task]
    #[should_panic(expected = "disk full")]
    fn another_text() {
        panic!("network down");
    }

    #[task]
    #[should_panic(expected = "not text")]
    fn not_text_instead() {
        panic::panic_any(7);
    }

    #[task]
    #[should_panic]
    fn skips() {
        concurra::skip!("no disk");
    }

    #[task(timeout = "20ms")]
    #[should_panic]
    fn too_late() {
        while !concurra::is_cancelled() {
            thread::yield_now();
        }
        panic!("after the timeout");
    }

    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);

    #[task(retries = 2)]
    #[should_panic(expected = "disk full")]
    fn at_the_third_attempt() {
        if ATTEMPTS.fetch_add(1, Ordering::Relaxed) == 2 {
            panic!("disk full");
        }
    }

    #[task(after = ["any", "whole"])]
    fn dependent() {}
}

fn run(module: &str, ignored: Ignored) -> Report {
    let mut selection = Selection::default();
    selection.filters = vec![format!("{module}::")];
    selection.ignored = ignored;
    concurra::registered!().select(selection).workers(2).run().expect("a plan")
}

#[test]
fn ignored_tasks_run_only_when_asked_for() {
    let reasons = [
        ("below", "drops the production database"),
        ("above", "drops the production database"),
        ("bare", "marked `#[ignore]`"),
        ("empty", "marked `#[ignore]`"),
        ("condition_below", "by condition"),
        ("condition_above", "by condition"),
        ("both", "the same"),
        ("reason_in_the_option", "only here"),
        ("by_macro", "a macro's literal"),
    ];
    let report = run("ignored", Ignored::Leave);
    assert_eq!(*RAN.lock().expect("no panic"), ["no_condition"]);
    for (name, reason) in reasons {
        let task = &report[format!("ignored::{name}").as_str()];
        assert_eq!((task.outcome(), task.cause().as_deref()), (Outcome::Ignored, Some(reason)));
    }
    let dependent = &report["ignored::dependent"];
    assert_eq!(dependent.outcome(), Outcome::Skipped);
    let cause = "ignored::below ignored: drops the production database";
    assert_eq!(dependent.cause().as_deref(), Some(cause));

    run("ignored", Ignored::Only);
    assert_eq!(RAN.lock().expect("no panic").len(), 1 + reasons.len());
}

#[test]
fn an_expected_panic_passes_and_everything_else_fails() {
    let report = run("panicking", Ignored::Leave);
    let said = |name: &str| {
        let task = &report[format!("panicking::{name}").as_str()];
        (task.outcome(), task.failure().map(|it| it.to_string()).unwrap_or_default())
    };
    for name in ["any", "contained", "whole", "not_text", "at_the_third_attempt", "dependent"] {
        assert_eq!(said(name), (Outcome::Passed, String::new()), "{name}");
    }
    assert_eq!(report["at_the_third_attempt"].attempts(), 3);
    let failures = [
        ("returns", "did not panic, as `#[should_panic]` expects"),
        ("returns_instead", "did not panic with \"disk full\", as `#[should_panic]` expects"),
        ("another_text", "panicked without the expected text \"disk full\": network down"),
        (
            "not_text_instead",
            "panicked without the expected text \"not text\": a value that is not text (panic_any)",
        ),
    ];
    for (name, message) in failures {
        assert_eq!(said(name), (Outcome::Failed, message.to_owned()), "{name}");
    }
    let place = report["another_text"].failure().and_then(|it| it.place.clone());
    assert!(place.is_some_and(|place| place.starts_with(file!())), "the place of the panic");
    assert_eq!(said("skips").0, Outcome::Skipped);
    assert_eq!(said("too_late").0, Outcome::TimedOut);
    assert_eq!(report["too_late"].duration().map(|it| it < Duration::from_secs(10)), Some(true));
}

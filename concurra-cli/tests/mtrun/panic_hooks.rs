//! Panic hooks that a setup or a task sets, as crates that colour panics do.

use crate::support::{Ran, mtrun};

fn explodes(options: &[&str]) -> Ran {
    mtrun(&[&["broken/tests/panic_hooks.rs"], options].concat()).exits(100)
}

#[test]
fn message_and_place_stand_once_in_the_failure_with_any_hook() {
    for place in ["setup", "task"] {
        for (how, calls) in [("none", 0), ("sets", 1), ("takes", 0), ("chains", 1)] {
            let ran = explodes(&[&format!("--in-{place}={how}")]);
            let failure = "\n    panicked: boom\n      at broken/tests/panic_hooks.rs:";
            let all = ran.out.clone() + &ran.err;
            assert_eq!(all.matches("boom").count(), 1, "{how}: {all}");
            assert_eq!(ran.err.matches("hook: called").count(), calls, "{how}: {all}");
            ran.prints(&["FAIL", "explodes", failure, "==== 0 passed, 1 failed, 1 skipped in "]);
        }
    }
}

#[test]
fn an_isolated_task_has_its_place_too() {
    for (how, calls) in [("sets", 1), ("takes", 0), ("chains", 1)] {
        let ran = explodes(&["--isolate", &format!("--in-task={how}")]);
        assert_eq!(ran.out.matches("hook: called").count(), calls, "{}", ran.out);
        ran.prints(&["\n    panicked: boom\n      at broken/tests/panic_hooks.rs:"]);
    }
}

#[test]
fn a_hook_that_panics_ends_the_process_and_the_task_is_named() {
    for place in ["setup", "task"] {
        explodes(&[&format!("--in-{place}=panics"), "-w", "2"])
            .complains("hook: itself")
            .complains("its process was killed by SIGABRT while running: explodes\n");
    }
}

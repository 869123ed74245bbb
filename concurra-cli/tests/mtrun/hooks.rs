//! Setups and teardowns, good and bad.

use crate::support::mtrun;

#[test]
fn hooks_run_by_name_around_all_tasks_and_teardowns_in_reverse() {
    mtrun(&["hooks"]).exits(0).prints(&[
        "a_first env=None",
        "b_second",
        "work env=None",
        "b_before",
        "a_last",
        "1 passed",
    ]);
}

#[test]
fn hooks_run_also_for_one_function_alone() {
    mtrun(&["tests/hooks.rs::work"])
        .exits(0)
        .prints(&["a_first", "b_second", "work env", "b_before", "a_last"]);
}

#[test]
fn a_failed_setup_skips_every_task_and_teardowns_run() {
    mtrun(&["hooks", "--break=setup"])
        .exits(105)
        .ended("SKIP work")
        .prints(&["b_before", "a_last", "---- FAIL setup a_first ----", "the cluster is gone"])
        .prints(&["==== 0 passed, 1 skipped, 1 setup failed in "])
        .lacks("b_second");
    mtrun(&["hooks", "--break=panic"]).exits(105).prints(&["a_last", "panicked: setup is broken"]);
}

#[test]
fn a_failed_teardown_fails_the_run() {
    mtrun(&["hooks", "--break=teardown"])
        .exits(100)
        .ended("PASS work")
        .prints(&["---- FAIL teardown a_last ----", "teardown is broken"])
        .prints(&["==== 1 passed, 1 teardown failed in "]);
}

#[test]
fn no_hook_runs_where_nothing_runs() {
    for show in ["--list", "--graph", "--dry-run"] {
        mtrun(&["hooks", show]).exits(0).lacks("env=None");
    }
    mtrun(&["hooks", "no_such_task"]).exits(4).lacks("env=None");
}

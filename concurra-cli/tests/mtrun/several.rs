//! Several targets in one call.

use crate::support::{Fresh, mtrun};

#[test]
fn each_has_its_heading_and_there_is_one_summary() {
    mtrun(&["hooks", "six", "tests/layers.rs"]).exits(100).says(&[
        "==> tests/hooks.rs\nselected 1 of 1\n",
        "==== 1 passed in ",
        "\n\n==> tests/six.rs\nselected 6 of 6\n",
        "\n\n==> tests/layers.rs\n",
        "==== 35 passed in ",
        "\n\n==== 3 targets: 40 passed, 1 failed, 1 skipped in ",
    ]);
}

#[test]
fn one_target_has_neither() {
    mtrun(&["hooks"]).exits(0).lacks("==>").lacks("1 target");
}

#[test]
fn a_target_with_a_wrong_plan_is_reported_and_the_others_run() {
    mtrun(&["broken/tests/wrong.rs", "hooks", "six"])
        .exits(96)
        .complains("error: the plan is wrong in 4 places:")
        .says(&["==> broken/tests/wrong.rs\n", "==> tests/hooks.rs\n", "1 passed"])
        .says(&["==== 3 targets: 5 passed, 1 failed, 1 skipped in "]);
}

#[test]
fn the_first_in_the_order_of_exit_codes_counts() {
    mtrun(&["hooks", "six", "--break=setup"]).exits(105);
    mtrun(&["hooks", "wrong", "--break=setup"]).exits(96);
    mtrun(&["hooks", "layers", "l1_0"]).exits(0);
}

#[test]
fn where_nothing_is_selected_there_is_no_heading() {
    mtrun(&["six", "layers", "hooks", "l1_0"])
        .exits(0)
        .ended("PASS l1_0")
        .says(&["==> tests/layers.rs\n", "\n\n==== 3 targets: 1 passed in "])
        .lacks("tests/six.rs")
        .lacks("tests/hooks.rs");
    mtrun(&["six", "layers", "l1_0", "--list"]).exits(0).lacks("tests/six.rs");
}

#[test]
fn nothing_selected_says_so_in_a_line_with_the_way_out() {
    let ran = mtrun(&["six", "test_z"]).exits(4);
    let line =
        "error: nothing was selected: no task fits `test_z`; `mtrun --list` lists them all\n";
    assert_eq!((ran.out.as_str(), ran.complaint()), ("", line));
    let ran = mtrun(&["six", "layers", "zzz", "--tags", "layer1"]).exits(4);
    let line = "error: nothing was selected: no task fits `zzz --tags layer1`; \
                `mtrun --list` lists them all\n";
    assert_eq!(ran.complaint(), line);
    mtrun(&["six", "hook"]).exits(4).complains("no task fits `hook`; did you mean `hooks`?");
}

#[test]
fn a_name_must_be_known_to_one_target() {
    mtrun(&["six", "layers", "--tags", "layer1"]).exits(0).says(&["2 targets: 5 passed"]);
    mtrun(&["six", "layers", "--tags", "layr1"]).exits(94).complains("no task has the tag `layr1`");
    mtrun(&["six", "layers", "--result-test_a=x", "test_b"]).exits(0).says(&["1 mocked"]);
    mtrun(&["six", "layers", "--result-tst_a=x", "test_b"]).exits(96).complains("tst_a");
}

#[test]
fn tasks_of_several_targets_by_name() {
    mtrun(&["tests/six.rs::test_a", "tests/layers.rs::l1_0"])
        .exits(0)
        .ended("PASS test_a l1_0")
        .says(&["2 targets: 2 passed"]);
}

#[test]
fn a_failed_build_runs_nothing() {
    let package = Fresh::package("unbuilt", "");
    package.write("tests/good.rs", "#[concurra::task] fn good() {} concurra::main!();");
    package.write("tests/bad.rs", "#[concurra::task] fn bad() { nothing } concurra::main!();");
    package
        .mtrun(&[])
        .exits(101)
        .ended("")
        .complains("cannot find value `nothing`")
        .complains("error: the build failed");
    package.mtrun(&["good"]).exits(0).ended("PASS good");
}

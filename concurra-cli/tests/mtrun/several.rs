//! Several targets in one call.

use crate::support::{Fresh, mtrun};

#[test]
fn each_has_its_heading_and_there_is_one_summary() {
    mtrun(&["hooks", "six", "tests/layers.rs"]).exits(100).prints(&[
        "==> tests/hooks.rs\nselected 1 of 1\n",
        "==== 1 passed in ",
        "\n\n==> tests/six.rs\nselected 6 of 6\n",
        "\n\n==> tests/layers.rs\n",
        "==== 35 passed in ",
        "\n\n==== 3 targets: 40 passed, 1 failed, 1 skipped in ",
    ]);
}

#[test]
fn one_target_has_no_heading_and_no_summary() {
    mtrun(&["hooks"]).exits(0).lacks("==>").lacks("1 target");
}

#[test]
fn a_target_with_a_wrong_plan_is_reported_and_the_others_run() {
    mtrun(&["broken/tests/wrong.rs", "hooks", "six"])
        .exits(96)
        .complains("error: the plan is wrong in 4 places:")
        .prints(&["==> broken/tests/wrong.rs\n", "==> tests/hooks.rs\n", "1 passed"])
        .prints(&["==== 3 targets: 5 passed, 1 failed, 1 skipped, 1 target not run in "]);
}

#[test]
fn the_greatest_exit_class_decides() {
    mtrun(&["hooks", "six", "--break=setup"]).exits(105);
    mtrun(&["--workspace", "hooks", "wrong", "--break=setup"]).exits(96);
    mtrun(&["hooks", "layers", "l1_0"]).exits(0);
}

#[test]
fn a_target_without_selected_tasks_has_no_heading() {
    mtrun(&["six", "layers", "hooks", "l1_0"])
        .exits(0)
        .ended("PASS l1_0")
        .prints(&["==> tests/layers.rs\n", "\n\n==== 3 targets: 1 passed in "])
        .lacks("tests/six.rs")
        .lacks("tests/hooks.rs");
    mtrun(&["six", "layers", "l1_0", "--list"]).exits(0).lacks("tests/six.rs");
}

#[test]
fn an_error_with_advice_when_nothing_is_selected() {
    let ran = mtrun(&["six", "test_z"]).exits(4);
    let line =
        "error: nothing was selected: no task matches `test_z`; `mtrun --list` prints all tasks\n";
    assert_eq!((ran.out.as_str(), ran.complaint()), ("", line));
    let ran = mtrun(&["six", "layers", "zzz", "--tags", "layer1"]).exits(4);
    let line = "error: nothing was selected: no task matches `zzz --tags layer1`; \
                `mtrun --list` prints all tasks\n";
    assert_eq!(ran.complaint(), line);
    mtrun(&["six", "hook"]).exits(4).complains(
        "no task matches `hook`; `mtrun --list` prints all tasks; did you mean `hooks`?",
    );
    mtrun(&["six::a"]).exits(4).complains("; `six` is a target: write the path of six.rs::a");
}

#[test]
fn a_name_that_one_target_knows_is_not_an_error() {
    mtrun(&["six", "layers", "--tags", "layer1"]).exits(0).prints(&["2 targets: 5 passed"]);
    mtrun(&["six", "layers", "--result-test_a=x", "test_b"]).exits(0).prints(&["1 mocked"]);
    mtrun(&["--workspace", "layers", "wrong", "--exclude-tags", "layer1", "--no-deps"])
        .exits(96)
        .complains("error: the plan is wrong in 4 places:")
        .prints(&["==> broken/tests/wrong.rs\n", "2 targets: 30 passed, 1 target not run in "]);
}

#[test]
fn a_name_that_no_target_knows_is_an_error_before_anything_runs() {
    // The first target alone would have nothing to offer.
    let near = "error: no task has the tag `layr1` of `--tags`; did you mean `layer1`?";
    let words = ["six", "layers", "hooks", "--tags", "layr1"];
    mtrun(&words).exits(94).ended("").complains(near).lacks("====");
    for show in ["--list", "--graph=dot", "--dry-run"] {
        let ran = mtrun(&[&words[..], &[show]].concat()).exits(94);
        assert_eq!(ran.out, "", "{show}");
    }
    mtrun(&["hooks", "six", "--result-tst_a=x"])
        .exits(96)
        .ended("")
        .complains("a mock (`--result`) names no task: `tst_a`; did you mean `test_a`?");
}

#[test]
fn a_tag_that_no_target_knows_and_that_leaves_out_nothing_is_one_warning() {
    for tags in [["--tags", "!layr1"], ["--exclude-tags", "layr1"]] {
        let option = tags[0];
        let warning =
            format!("warning: no task has the tag `layr1` of `{option}`; did you mean `layer1`?\n");
        for show in [&[][..], &["--list"], &["--graph=dot"], &["--dry-run"]] {
            let ran = mtrun(&[&["hooks", "layers"], &tags[..], show].concat()).exits(0);
            assert_eq!(ran.err.matches(&warning).count(), 1, "{}", ran.err);
            assert!(!ran.out.contains("warning"), "{}", ran.out);
        }
    }
    mtrun(&["six", "layers", "--exclude-tags", "layer1", "l1_0", "test_a"])
        .exits(0)
        .lacks("warning");
}

#[test]
fn a_target_with_a_wrong_plan_hides_no_unknown_name() {
    mtrun(&[
        "--workspace",
        "hooks",
        "wrong",
        "examples/ship.rs::shp",
        "--result-wrk",
        "--tags",
        "a",
    ])
    .exits(96)
    .ended("")
    .complains("a mock (`--result`) names no task: `wrk`; did you mean `work`?")
    .complains("no task has the tag `a`")
    .complains("error: the plan is wrong in 4 places:")
    .complains("`shp`; did you mean `ship`?");
}

#[test]
fn a_wrong_name_behind_a_file_runs_nothing_of_that_file() {
    mtrun(&["examples/ship.rs::shp", "hooks", "src/bin/deploy.rs::uplaod"])
        .exits(96)
        .ended("PASS work")
        .complains("the target names no task: `shp`; did you mean `ship`?")
        .complains("the target names no task: `uplaod`; did you mean `upload`?")
        .prints(&["3 targets: 1 passed, 2 targets not run in "]);
}

#[test]
fn after_a_failure_that_stops_a_run_no_other_target_starts() {
    mtrun(&["hooks", "six", "layers", "ship", "--fail-fast"])
        .exits(100)
        .prints(&[
            "tests/hooks.rs\n",
            "FAIL",
            "test_d",
            "==== 4 targets: ",
            "2 targets not run in ",
        ])
        .lacks("==> tests/layers.rs")
        .lacks("==> examples/ship.rs");
    for hook in ["setup", "teardown"] {
        let (broken, counts) =
            (format!("--break={hook}"), format!("1 {hook} failed, 1 target not run"));
        mtrun(&["hooks", "six", "--fail-fast", &broken])
            .prints(&[&counts])
            .lacks("==> tests/six.rs");
    }
    // A wrong plan does not count as a failure of a run.
    mtrun(&["--workspace", "wrong", "hooks", "--fail-fast"]).exits(96).ended("PASS work");
    mtrun(&["six", "hooks", "--fail-fast", "--no-fail-fast"]).prints(&["PASS", "work"]);
}

#[test]
fn failures_are_counted_over_all_targets() {
    let package = Fresh::package("counted", "");
    for target in ["a", "b", "c"] {
        let fails = |n| format!("#[concurra::task] fn {target}{n}() {{ panic!() }}\n");
        let tasks = format!("{}{}concurra::main!();", fails(1), fails(2));
        package.write(&format!("tests/{target}.rs"), &tasks);
    }
    package
        .mtrun(&["a", "b", "c", "--max-fail", "3", "-w", "1"])
        .exits(100)
        .ended("FAIL a1 a2 b1, CANCEL b2")
        .prints(&["==== 3 targets: 0 passed, 3 failed, 1 cancelled, 1 target not run in "]);
    package.mtrun(&["a", "b", "--max-fail", "5", "-w", "1"]).ended("FAIL a1 a2 b1 b2");
}

#[test]
fn hooks_that_failed_are_in_the_summary() {
    mtrun(&["hooks", "six", "--break=setup"])
        .exits(105)
        .prints(&["==== 2 targets: 4 passed, 1 failed, 2 skipped, 1 setup failed in "]);
    mtrun(&["hooks", "layers", "--break=teardown"])
        .exits(100)
        .prints(&["==== 2 targets: 36 passed, 1 teardown failed in "]);
}

#[test]
fn tasks_of_several_targets_by_name() {
    mtrun(&["tests/six.rs::test_a", "tests/layers.rs::l1_0"])
        .exits(0)
        .ended("PASS test_a l1_0")
        .prints(&["2 targets: 2 passed"]);
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

//! Parameters that nothing in a run reads, and the options of other test runners.

use crate::support::mtrun;

/// The warning about a parameter, up to the suggestion.
fn warning(name: &str) -> String {
    format!("warning: nothing in this run read the parameter `{name}` (`--{name}`)")
}

#[test]
fn a_parameter_that_nothing_read_is_a_warning_with_what_it_may_mean() {
    for workers in ["1", "2", "8"] {
        let run = |words: &[&str]| mtrun(&[&["-w", workers], words].concat()).exits(0);
        run(&["hooks", "--retry=3"])
            .prints(&[&(warning("retry") + "; did you mean `--retries`?\n"), "==== 1 passed"]);
        run(&["hooks", "--regoin=eu", "--env=dev"])
            .prints(&[&(warning("regoin") + "; did you mean `--region`?\n")])
            .lacks("`env`");
        run(&["hooks", "--xyz=1"]).prints(&[&(warning("xyz") + "\n")]);
        run(&["hooks", "--env=dev", "--region=eu"]).lacks("warning");
    }
    // Also where the run failed: the mistake may be the cause.
    mtrun(&["hooks", "--break=setup", "--retry=3"]).exits(105).prints(&[&warning("retry")]);
    mtrun(&["hooks", "--dry-run", "--retry=3"]).exits(0).lacks("warning");
}

#[test]
fn a_parameter_of_set_has_other_suggestions_and_one_of_a_file_no_warning() {
    let text = "warning: nothing in this run read the parameter `workers` (`--set workers`)\n";
    mtrun(&["hooks", "--set", "workers=3"]).exits(0).prints(&[text]);
    mtrun(&["hooks", "--set=regoin=eu"]).exits(0).prints(&["; did you mean `--region`?\n"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p.json");
    std::fs::write(&file, r#"{"env": "dev", "xyz": 1, "abc": 2}"#).expect("a file");
    let file = format!("--params-file={}", file.display());
    mtrun(&["hooks", &file]).exits(0).prints(&["env=Some(\"dev\")"]).lacks("warning");
    mtrun(&["hooks", &file, "--xyz=2"]).exits(0).prints(&[&warning("xyz")]).lacks("abc");
}

#[test]
fn what_isolated_tasks_read_counts() {
    let target = "broken/tests/attempts.rs";
    for more in [&[][..], &["--isolate"]] {
        let run = |words: &[&str]| mtrun(&[&[target, "--tags=secret"], words, more].concat());
        run(&["prints", "--token=hunter2"]).exits(100).lacks("warning");
        let near = warning("tokne") + "; did you mean `--token`?\n";
        run(&["prints", "--tokne=hunter2"]).exits(100).prints(&[&near]);
    }
    mtrun(&["hooks", "--isolate", "--env=dev"]).exits(0).lacks("warning");
}

#[test]
fn a_parameter_counts_as_read_when_one_of_several_targets_read_it() {
    let targets = ["hooks", "ship", "layers"];
    let run = |words: &[&str]| mtrun(&[&targets[..], words].concat()).exits(0);
    run(&["--env=dev"]).lacks("warning");
    let ran = run(&["--regoin=eu"]);
    let text = warning("regoin") + "; did you mean `--region`?\n";
    assert_eq!((ran.err.matches(&text).count(), ran.out.matches("warning").count()), (1, 0));
    // What a target without chosen tasks would have read does not count.
    mtrun(&["hooks", "layers", "l1_0", "--env=dev"]).exits(0).complains(&warning("env"));
    run(&["--list", "--regoin=eu"]).lacks("warning");
}

#[test]
fn the_warning_is_in_every_format() {
    mtrun(&["hooks", "--retry=3", "-q"]).exits(0).prints(&[&warning("retry"), "==== 1 passed"]);
    // libtest's JSON has no warnings.
    let json = ["-Zunstable-options", "--format=json", "--exclude-tags=none"];
    let ran = mtrun(&[&["hooks", "--retry=3"], &json[..]].concat())
        .exits(0)
        .complains(&warning("retry"))
        .complains("warning: no task has the tag `none` of `--exclude-tags`\n");
    assert!(!ran.out.contains("warning"), "{}", ran.out);
}

#[test]
fn reports_have_the_warning() {
    let json = mtrun(&["hooks", "--retry=3", "--report", "json=-"]).exits(0).out;
    assert!(json.contains("nothing in this run read the parameter `retry`"), "{json}");
}

#[test]
fn options_of_other_test_runners_are_errors_that_name_ours() {
    for (option, ours) in [
        ("--junit=x", "`--report json=FILE`, or `--set junit=VALUE`"),
        ("--junit-xml=x.xml", "`--report json=FILE`"),
        ("--run-ignored=all", "`--ignored` or `--include-ignored`"),
        ("--run-ignored", "`--ignored` or `--include-ignored`"),
        ("--reruns=2", "`--retries`"),
        ("--collect-only", "`--list`"),
        ("--maxfail=2", "`--max-fail`"),
        ("--partition=hash:1/2", "write `--set partition=VALUE` if a parameter is meant"),
    ] {
        mtrun(&["hooks", option]).exits(94).ended("").complains(ours);
        mtrun(&["hooks", "--", option]).exits(94).complains(ours);
    }
    mtrun(&["hooks", "--set", "junit=x"])
        .exits(0)
        .prints(&["the parameter `junit` (`--set junit`)"]);
}

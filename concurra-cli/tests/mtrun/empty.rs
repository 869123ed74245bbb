//! Empty arguments, as shell variables leave them that are not set.

use crate::support::mtrun;

#[test]
fn an_empty_word_runs_nothing() {
    let calls = [
        &[""][..],
        &["six", ""],
        &["tests/six.rs", ""],
        &["", "tests/six.rs::test_a"],
        &["six", "--", ""],
        &["", "--list"],
    ];
    for arguments in calls {
        mtrun(arguments)
            .exits(94)
            .ended("")
            .complains("error: an argument is empty, perhaps from an unset shell variable; name a");
    }
}

#[test]
fn an_empty_value_chooses_nothing_and_is_an_error() {
    for option in ["--tags", "--exclude-tags", "--skip", "-p", "--exclude", "--task", "-w"] {
        let empty = "is missing or empty, perhaps from an unset shell variable; write `";
        mtrun(&["six", option, ""]).exits(94).ended("").complains(empty);
    }
    mtrun(&["tests/six.rs::"]).exits(94).ended("").complains("no task name after");
}

#[test]
fn packages_are_left_out_of_the_whole_workspace_only() {
    let listed = |arguments: &[&str]| mtrun(&[arguments, &["--list"]].concat());
    // A plan there is wrong.
    let all = listed(&["--workspace"]).exits(96).out;
    let rest = listed(&["--workspace", "--exclude=broken"]).exits(0).out;
    assert!(all.contains("broken/tests/") && all.contains("tests/six.rs"), "{all}");
    assert!(!rest.contains("broken/tests/") && rest.contains("tests/six.rs"), "{rest}");
    // As in cargo, `-p` then counts for nothing.
    assert_eq!(listed(&["-p", "broken", "--workspace", "--exclude=broken"]).out, rest);
    mtrun(&["--exclude", "broken"]).exits(94).ended("").complains(
        "`--exclude` leaves packages out of `--workspace`; write `--workspace --exclude",
    );
}

//! `serial` and `always` in `#[task]`.

use crate::support::{Fresh, Ran, command, flows, mtrun};

/// Runs the target with an empty folder for the files of running tasks.
fn exclusive(test: &str, arguments: &[&str]) -> Ran {
    let running = Fresh::new(test);
    let arguments = [&["-p", "broken", "exclusive"], arguments].concat();
    Ran::of(command(&flows(), &arguments).env("RUNNING", running.folder()))
}

#[test]
fn serial_tasks_never_overlap() {
    for workers in ["1", "2", "8"] {
        for mode in [&[][..], &["--isolate"]] {
            let arguments = [&["--tags", "!fails", "-w", workers], mode].concat();
            exclusive("serial", &arguments).exits(0).ended("PASS first second third free alone");
        }
    }
}

#[test]
fn always_tasks_run_after_a_failure() {
    for mode in [&[][..], &["--isolate"], &["--fail-fast"], &["-w", "1"]] {
        let arguments = [&["--tags", "fails", "--show-output"], mode].concat();
        exclusive("always", &arguments)
            .exits(100)
            .prints(&["it is clean"])
            .ended("FAIL fails, SKIP skipped, PASS cleans_up");
    }
}

#[test]
fn lists_and_graphs_mark_serial_and_always_tasks() {
    let show = |kind: &str| mtrun(&["-p", "broken", "exclusive", kind]).exits(0).out;
    for kind in ["--list", "--graph", "--dry-run"] {
        let out = show(kind);
        for mark in ["first (serial: db)", "alone (serial)", "cleans_up (always)  [fails]"] {
            assert!(out.contains(mark), "no {mark:?} in {kind}:\n{out}");
        }
    }
    assert!(show("--graph=dot").contains(r#""first" [label="first (serial: db)"];"#));
    assert!(show("--graph=mermaid").contains(r#"["cleans_up (always)"]"#));
    let json = show("--graph=json");
    for field in [r#""serial": "db""#, r#""alone": true"#, r#""always": true"#] {
        assert!(json.contains(field), "no {field} in:\n{json}");
    }
}

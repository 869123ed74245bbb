//! A program that cargo's configuration names as the runner stands between `mtrun` and the tasks.

use crate::support::{Place, script, task, triple};

const TASKS: &str = "\
#[concurra::task] fn works() {}
#[concurra::task] fn runs_under() { println!(\"under {:?}\", std::env::var(\"RUNNER\").ok()); }
";
const FAILS: &str = "#[concurra::task] fn fails() { panic!(\"on purpose\") }\n";
const ABORTS: &str = "#[concurra::task] fn aborts() { std::process::abort() }\n";

/// A package with the targets `good`, `bad` and `ugly`, and a runner of these lines.
fn under(name: &str, runner: &str) -> Place {
    let place = Place::new(name);
    place.root_package("under", "");
    for (target, more) in [("good", ""), ("bad", FAILS), ("ugly", ABORTS)] {
        let text = format!("{TASKS}{more}concurra::main!();\n");
        place.write(&format!("tests/{target}.rs"), &text);
        place.write(&format!("examples/{target}_example.rs"), &text);
    }
    let run = place.path("run");
    script(&run, runner);
    place.write(".cargo/config.toml", &format!("[target.'cfg(unix)']\nrunner = {run:?}\n"));
    place
}

/// The runner starts the programs, and `mtrun` reports them as without a runner.
#[track_caller]
fn is_passed_through(place: &Place) {
    for _ in 0..2 {
        let ran = place.mtrun(&["good"]).exits(0).ended("PASS works runs_under");
        ran.prints(&["under Some(\"yes\")"]);
        let ran = place.mtrun(&["bad"]).exits(100).ended("PASS works runs_under, FAIL fails");
        ran.prints(&["under Some(\"yes\")"]);
        place.mtrun(&["ugly"]).exits(100).complains("aborts");
        let ran = place.mtrun(&["good_example"]).exits(0).prints(&["under Some(\"yes\")"]);
        ran.ended("PASS works runs_under");
        place.mtrun(&["bad_example"]).exits(100).ended("PASS works runs_under, FAIL fails");
        place.mtrun(&["tests/good.rs::works"]).exits(0).ended("PASS works");
        let ran = place.mtrun(&["good", "bad"]).exits(100);
        ran.prints(&["==> tests/good.rs", "Some(\"yes\")", "==> tests/bad.rs", "Some(\"yes\")"]);
        let ran = place.mtrun(&["good", "--isolate"]).exits(0).ended("PASS works runs_under");
        ran.prints(&["1 passed"].map(|_| "2 passed"));
    }
}

#[test]
fn one_that_prints_spoils_no_report_on_stdout() {
    let place = under("runner-prints", "echo starting; RUNNER=yes exec \"$@\"");
    let ran = place.mtrun(&["good", "--report=json=-"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON alone");
    assert_eq!(report["targets"].as_array().map(Vec::len), Some(1), "{report}");
}

#[test]
fn one_that_becomes_the_program() {
    is_passed_through(&under("runner-execs", "RUNNER=yes exec \"$@\""));
}

#[test]
fn one_that_starts_the_program_and_waits() {
    is_passed_through(&under("runner-waits", "RUNNER=yes \"$@\"\nexit $?"));
}

#[test]
fn one_that_always_exits_with_0_hides_no_failure() {
    let place = under("runner-lies", "RUNNER=yes \"$@\"\nexit 0");
    for _ in 0..2 {
        place.mtrun(&["good"]).exits(0).ended("PASS works runs_under");
        place.mtrun(&["bad"]).exits(100).ended("PASS works runs_under, FAIL fails");
        place.mtrun(&["ugly"]).exits(100).complains("aborts");
    }
}

#[test]
fn one_that_starts_nothing_fails_the_run() {
    for (name, lines) in [("nothing", "exit 0"), ("fails", "exit 7"), ("dies", "kill -9 $$")] {
        let place = under(&format!("runner-{name}"), lines);
        for words in [&["good"][..], &["good"], &["good_example"], &["good", "bad"], &[]] {
            let ran = place.mtrun(words).run();
            assert_ne!(ran.code, Some(0), "{name} {words:?}:\n{}\n{}", ran.out, ran.err);
            let ran = ran.ended("");
            assert!(ran.err.contains("error"), "{name} {words:?}:\n{}", ran.err);
        }
    }
}

#[test]
fn one_that_fails_after_a_good_run_fails_the_run() {
    let place = under("runner-after", "RUNNER=yes \"$@\"\nexit 7");
    for _ in 0..2 {
        let ran = place.mtrun(&["good"]).run();
        assert_ne!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
    }
}

#[test]
fn a_missing_one_is_an_error_with_its_name() {
    let place = under("runner-absent", "exec \"$@\"");
    std::fs::remove_file(place.path("run")).expect("removed");
    let run = place.path("run").display().to_string();
    for words in [&["good"][..], &["good"], &["good_example"]] {
        let ran = place.mtrun(words).run();
        assert_ne!(ran.code, Some(0), "{words:?}:\n{}\n{}", ran.out, ran.err);
        ran.ended("").complains(&run);
    }
}

#[test]
fn one_that_is_configured_later_is_used() {
    let place = under("runner-later", "RUNNER=yes exec \"$@\"");
    let configuration = place.read(".cargo/config.toml");
    for _ in 0..2 {
        std::fs::remove_file(place.path(".cargo/config.toml")).expect("removed");
        place.mtrun(&["good"]).exits(0).prints(&["under None"]);
        place.write(".cargo/config.toml", &configuration);
        place.mtrun(&["good"]).exits(0).prints(&["under Some(\"yes\")"]);
    }
}

#[test]
fn one_for_another_platform_is_not_used() {
    let place = under("runner-elsewhere", "exit 7");
    let text = place.read(".cargo/config.toml").replace("cfg(unix)", "cfg(windows)");
    place.write(".cargo/config.toml", &text);
    place.write("tests/good.rs", &task("alone", "alone"));
    place.mtrun(&["good"]).exits(0).ended("PASS alone");
}

#[test]
fn one_of_a_scratch_file_starts_it_where_the_person_is() {
    let place = Place::new("runner-scratch");
    let run = place.path("run");
    script(&run, "RUNNER=yes exec \"$@\"");
    place.write(
        "here/job.rs",
        "#[concurra::task]\nfn job() { println!(\"in {:?}\", std::env::current_dir()); }\n",
    );
    let variable = format!("CARGO_TARGET_{}_RUNNER", triple().to_uppercase().replace('-', "_"));
    let here = place.path("here").display().to_string();
    for _ in 0..2 {
        let call = place.mtrun(&["job.rs"]).from("here").env(&variable, &run);
        call.exits(0).prints(&[&format!("in Ok({here:?})")]);
    }
}

//! Targets without `harness = false`.

use crate::support::{Place, manifest, task};

const OTHERS: &str = "#[test] fn one() {}\nmod inner { #[test] fn two() { panic!() } }\n";

#[test]
fn mtrun_names_the_tests_that_it_does_not_run() {
    let place = Place::new("libtest-others");
    place.root_package("shop", "");
    place.write("tests/mixed.rs", &format!("{}{OTHERS}", task("runs", "«task»")));
    place.write("tests/tasks.rs", &task("runs", "«task»"));
    let line = "tests/mixed.rs also has 2 tests without #[task], which mtrun does not run: \
                cargo test --test mixed\n";
    // Also when nothing changed and cargo is not started.
    for _ in 0..2 {
        let ran = place.mtrun(&["mixed"]).exits(0).ended("PASS runs");
        assert!(ran.err.ends_with(line), "{}", ran.err);
    }
    place.write("elsewhere/Cargo.toml", &manifest("elsewhere", "[workspace]\n"));
    let ran = place.mtrun(&["../tests/mixed.rs"]).from("elsewhere").exits(0);
    let manifest = place.path("Cargo.toml").display().to_string();
    ran.complains(&format!("cargo test --manifest-path {manifest} --test mixed\n"));
    place.mtrun(&["tests/mixed.rs::runs"]).exits(0).lacks("without #[task]");
    place.mtrun(&["mixed", "--list"]).exits(0).lacks("without #[task]");
    place.mtrun(&["tasks"]).exits(0).lacks("without #[task]");
    place.cargo(&["test", "--test", "mixed"]).exits(101).complains("`--test mixed`");
}

#[test]
fn mtrun_warns_of_tests_that_nothing_runs() {
    let place = Place::new("libtest-idle");
    let target = |name: &str| format!("[[test]]\nname = {name:?}\nharness = false\n");
    place.root_package("shop", &[target("mixed"), target("tasks")].concat());
    let inside = "mod inside;\n";
    place.write("tests/mixed.rs", &format!("{inside}{}{OTHERS}", task("runs", "«task»")));
    place.write("tests/inside.rs", "#[test] fn three() {}\n");
    place.write("tests/tasks.rs", &format!("// #[test]\n{}", task("runs", "«task»")));
    let line = "warning: tests/mixed.rs has 3 functions with #[test], which nothing runs, as the \
                target has `harness = false`; write #[task] instead, or use another target\n";
    // Also when nothing changed and cargo is not started.
    for _ in 0..2 {
        let ran = place.mtrun(&["mixed"]).exits(0).ended("PASS runs");
        assert!(ran.err.ends_with(line), "{}", ran.err);
    }
    place.mtrun(&["tests/mixed.rs::runs"]).exits(0).lacks("#[test]");
    place.mtrun(&["mixed", "--list"]).exits(0).lacks("#[test]");
    place.mtrun(&["tasks"]).exits(0).lacks("#[test]");
    place.write("tests/inside.rs", "");
    place.mtrun(&["mixed"]).exits(0).complains("has 2 functions with #[test]");
}

//! Tasks that call cargo or `mtrun`: no variable or option of `mtrun` may reach the programs that
//! those start.

use std::fs;

use crate::support::{Call, Place, Ran, manifest, task, triple};

/// Tasks that run cargo in the folder `inner`, and programs of every kind that do.
const OUTER: &str = r#"
use std::process::Command;

fn cargo(words: &[&str]) {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let inner = concat!(env!("CARGO_MANIFEST_DIR"), "/inner");
    let status = Command::new(program).args(words).current_dir(inner).status().unwrap();
    assert!(status.success(), "cargo {words:?} ended with {status}");
}

#[concurra::task]
fn runs() { cargo(&["run", "--quiet", "--bin", "inner"]) }

#[concurra::task(after = ["runs"])]
fn tests() { cargo(&["test", "--quiet", "--test", "own"]) }

#[concurra::task(after = ["tests"])]
fn tasks() { cargo(&["test", "--quiet", "--test", "tasks"]) }

#[concurra::task(after = ["tasks"])]
fn forgotten() { cargo(&["test", "--quiet", "--test", "forgotten"]) }

concurra::main!();
"#;

/// The code of a nested program: it writes to a file that it ran, and with which runner.
const NOTES: &str = r#"
fn note(name: &str) {
    use std::io::Write;
    let path = std::path::PathBuf::from(std::env::var_os("NOTES").unwrap()).join(name);
    let mut file = std::fs::File::options().append(true).create(true).open(path).unwrap();
    writeln!(file, "ran {:?}", std::env::var("RUNNER").ok()).unwrap();
}
"#;

struct Nested {
    place: Place,
}

impl Nested {
    fn new(name: &str) -> Self {
        let place = Place::new(name);
        place.root_package("outer", "[[test]]\nname = \"calls\"\nharness = false\n");
        for file in ["tests/calls.rs", "tests/forgot.rs", "examples/calling.rs", "src/main.rs"] {
            place.write(file, OUTER);
        }
        let more = "[[test]]\nname = \"tasks\"\nharness = false\n";
        place.package("inner", more);
        place.write("inner/src/main.rs", &format!("fn main() {{ note(\"run\"); }}\n{NOTES}"));
        place.write(
            "inner/tests/own.rs",
            &format!("#[test] fn own() {{ note(\"own\"); }}\n{NOTES}"),
        );
        let tasks = "#[concurra::task] fn inside() { note(\"tasks\"); }\nconcurra::main!();\n";
        place.write("inner/tests/tasks.rs", &format!("{tasks}{NOTES}"));
        let forgotten = tasks.replace("\"tasks\"", "\"forgotten\"");
        place.write("inner/tests/forgotten.rs", &format!("{forgotten}{NOTES}"));
        Self { place }
    }

    fn mtrun(&self, words: &[&str]) -> Call {
        self.place.mtrun(words).env("NOTES", self.notes())
    }

    /// The folder of the notes, without any.
    fn notes(&self) -> std::path::PathBuf {
        let notes = self.place.path("notes");
        // There are none at first.
        let _ = fs::remove_dir_all(&notes);
        fs::create_dir_all(&notes).expect("a folder");
        notes
    }

    /// Each nested program ran once and saw this of the outer run.
    #[track_caller]
    fn noted(&self, line: &str, ran: &Ran) {
        for name in ["run", "own", "tasks", "forgotten"] {
            let text = fs::read_to_string(self.place.path(&format!("notes/{name}")));
            let text = text.unwrap_or_default();
            assert_eq!(text, format!("{line}\n"), "{name}:\n{}\n{}", ran.out, ran.err);
        }
    }
}

#[test]
fn cargo_in_a_task_runs_its_programs() {
    let nested = Nested::new("nested-runs");
    let forgot = &["forgot", "--workers", "1"][..];
    for words in [&["calls"][..], &["calls"], forgot, forgot, &["calling"], &["--bins"]] {
        let ran = nested.mtrun(words).exits(0).ended("PASS runs tests tasks forgotten");
        nested.noted("ran None", &ran);
        ran.prints(&["test inside ... ok", "==== 4 passed in "]).lacks("PASS [   0.000s] inside");
    }
}

#[test]
fn tasks_in_worker_processes_run_cargo_as_well() {
    let nested = Nested::new("nested-isolated");
    for _ in 0..2 {
        let ran =
            nested.mtrun(&["calls", "--isolate"]).exits(0).ended("PASS runs tests tasks forgotten");
        nested.noted("ran None", &ran);
    }
}

#[test]
fn the_configured_runner_starts_the_programs_of_cargo_in_a_task() {
    let nested = Nested::new("nested-runner");
    let variable = format!("CARGO_TARGET_{}_RUNNER", triple().to_uppercase().replace('-', "_"));
    for _ in 0..2 {
        // Named by its value, so that it is the inner cargo that counts.
        let set = nested.mtrun(&["calls"]).env(&variable, "env RUNNER=own");
        let ran = set.exits(0).ended("PASS runs tests tasks forgotten");
        nested.noted("ran Some(\"own\")", &ran);
    }
}

#[test]
fn a_nested_failure_fails_the_task() {
    let nested = Nested::new("nested-fails");
    let fails = "#[concurra::task] fn inside() { panic!(\"inside\") }\nconcurra::main!();\n";
    nested.place.write("inner/tests/tasks.rs", fails);
    for _ in 0..2 {
        let ran = nested
            .mtrun(&["calls"])
            .exits(100)
            .ended("PASS runs tests, FAIL tasks, SKIP forgotten");
        ran.prints(&["==== 2 passed, 1 failed, 1 skipped in "]);
    }
}

#[test]
fn mtrun_in_a_task_makes_a_separate_run() {
    let place = Place::new("nested-mtrun");
    let outer = r#"
        #[concurra::task]
        fn outer() {
            let mut inner = std::process::Command::new(std::env::var_os("MTRUN").unwrap());
            let inner = inner.args(["tests/inside.rs"]).current_dir("inner").output().unwrap();
            print!("inner says\n{}", String::from_utf8_lossy(&inner.stdout));
            assert_eq!(inner.status.code(), Some(100), "{inner:?}");
        }
        concurra::main!();
    "#;
    place.root_package("outer", "[[test]]\nname = \"calls\"\nharness = false\n");
    place.write("tests/calls.rs", outer);
    place.package("inner", "");
    let inside = format!("#[concurra::task] fn fails() {{ panic!() }}\n{}", task("works", "works"));
    place.write("inner/tests/inside.rs", &inside);
    for _ in 0..2 {
        let call = place.mtrun(&["calls"]).env("MTRUN", env!("CARGO_BIN_EXE_mtrun"));
        call.exits(0).prints(&[
            "inner says\n",
            "FAIL",
            "==== 1 passed, 1 failed in ",
            "==== 1 passed in ",
        ]);
    }
}

#[test]
fn a_task_may_build_the_package_that_it_belongs_to() {
    let place = Place::new("nested-itself");
    let own = r#"
        #[concurra::task]
        fn builds() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let output = std::process::Command::new(cargo).args(["run", "--quiet"]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), "it ran\n", "{output:?}");
        }
        concurra::main!();
    "#;
    place.write("Cargo.toml", &manifest("own", "[workspace]\n"));
    place.lock("");
    place.write("src/main.rs", "fn main() { println!(\"it ran\"); }");
    place.write("tests/builds.rs", own);
    for _ in 0..2 {
        place.mtrun(&["builds"]).exits(0).ended("PASS builds");
    }
}

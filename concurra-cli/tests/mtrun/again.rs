//! The command that a failure offers does again what failed.

use std::path::Path;
use std::process::Command;

use crate::support::{Fresh, Ran, mtrun, mtrun_in, prepare};

const TOLD: &str = r#"
use concurra::{State, task};

#[task]
fn before() -> String {
    "real".to_owned()
}

#[task(after = ["before"], with_state)]
fn tells(state: &State) -> Result<(), String> {
    let keys = ["", "a=b", "graph", "result-q", "workers", "two words", "env"];
    let told = keys.map(|key| state.param(key));
    let before = state.result::<String>("before").ok();
    Err(format!("told: {told:?} {before:?} {}", cfg!(feature = "fa")))
}

#[task(after = ["tells"])]
fn behind() {
    panic!("told: behind");
}

#[task(ignore = "not now")]
fn board() {}

#[task(after = ["board"])]
fn flash() {
    panic!("told: flash");
}

concurra::main!();
"#;

/// A package of its own with one target, `told`.
fn told(name: &str) -> Fresh {
    let more = "\n[features]\nfa = []\nfb = []\n\n[[test]]\nname = \"told\"\nharness = false\n";
    let package = Fresh::package(name, more);
    package.write("src/lib.rs", "");
    package.write("tests/told.rs", TOLD);
    package
}

/// The command that the block of a task offers.
#[track_caller]
fn offered(ran: &Ran, task: &str) -> String {
    let block = ran.out.split_once(&format!("---- FAIL {task} ----")).expect(&ran.out).1;
    let command = block.split_once("run it again: ").expect(&ran.out).1;
    command.lines().next().unwrap_or_default().to_owned()
}

/// Runs a command as a person does who copies it.
fn copied(folder: &Path, line: &str) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]);
    prepare(&mut shell, folder);
    let own = Path::new(env!("CARGO_BIN_EXE_mtrun")).parent().expect("a folder");
    let set = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(own.to_owned()).chain(std::env::split_paths(&set));
    Ran::of(shell.env("PATH", std::env::join_paths(path).expect("a path")))
}

/// What a task said when it failed.
#[track_caller]
fn said<'r>(ran: &'r Ran, task: &str) -> &'r str {
    let block = ran.out.split_once(&format!("---- FAIL {task} ----")).expect(&ran.out).1;
    let said = block.lines().find(|line| line.contains("told: "));
    said.unwrap_or_else(|| panic!("{}", ran.out)).trim()
}

/// Runs `mtrun`, then what it offers for the task; gives what the task said both times.
#[track_caller]
fn twice(folder: &Path, arguments: &[&str], task: &str) -> String {
    let first = mtrun_in(folder, arguments).exits(100);
    let again = copied(folder, &offered(&first, task)).exits(100);
    assert_eq!(said(&again, task), said(&first, task), "{arguments:?}");
    said(&first, task).to_owned()
}

#[test]
fn with_the_same_parameters_and_results() {
    let package = told("again-given");
    let file = r#"{"": 1, "a=b": 2, "graph": "g", "result-q": "q", "env": "@env:HOME"}"#;
    package.write("p.json", file);
    let run = |arguments: &[&str]| twice(package.folder(), arguments, "tells");
    let set = ["tells", "--set", "workers=3", "--set=graph=x", "--set", "two words=it's {}"];
    assert_eq!(
        run(&[&["told"], &set[..]].concat()),
        r#"told: [None, None, Some("x"), None, Some("3"), Some("it's {}"), None] Some("real") false"#
    );
    let file = r#"Some("1"), Some("2"), Some("g"), Some("q"), None, None, Some("@env:HOME")"#;
    assert!(run(&["told", "tells", "--params-file", "p.json"]).contains(file));
    assert!(run(&["told", "tells", "--env=dev", "--env=prod"]).contains(r#"Some("prod")"#));
    assert!(run(&["told", "tells", "--result-before={}"]).contains(r#"Some("{}") false"#));
    assert!(run(&["told", "tells", "--set", "env=@env:HOME"]).contains(r#"None, Some("/"#));
}

#[test]
fn with_the_same_tasks_around_it() {
    let package = told("again-around");
    let run = |arguments: &[&str], task| twice(package.folder(), arguments, task);
    assert!(run(&["tests/told.rs::tells"], "tells").ends_with("None false"));
    assert!(run(&["tests/told.rs::tells", "--with-deps"], "tells").contains(r#"Some("real")"#));
    run(&["told", "flash", "--include-ignored"], "flash");
    run(&["told", "behind", "--run-dependents"], "behind");
    run(&["told", "behind", "--no-deps"], "behind");
}

#[test]
fn with_the_same_build_from_a_path_that_a_shell_would_split() {
    let package = told("again-built");
    let folder = tempfile::tempdir().expect("a folder");
    let spaced = folder.path().join("two words");
    std::os::unix::fs::symlink(package.folder(), &spaced).expect("a link");
    let manifest = format!("--manifest-path={}", spaced.join("Cargo.toml").display());
    let arguments = ["told", "tells", "--features", "fa fb", "-p", "again-built", &manifest];
    assert!(twice(folder.path(), &arguments, "tells").ends_with("true"));
}

#[test]
fn the_command_has_each_option_as_one_argument() {
    mtrun(&["six", "--env=dev", "--set", "two words=x", "--result-test_a=it's"])
        .exits(100)
        .says(&["run it again: mtrun tests/six.rs::test_d --with-deps --env=dev "])
        .says(&[r" '--set=two words=x' '--result-test_a=it'\''s'", "\n"]);
    mtrun(&["tests/six.rs::test_d"])
        .exits(100)
        .says(&["run it again: mtrun tests/six.rs::test_d\n"]);
}

#[test]
fn a_result_for_another_target_is_not_offered() {
    mtrun(&["six", "values", "test_d", "show", "--result-number=2", "--result-test_a=x"])
        .exits(100)
        .says(&["run it again: mtrun tests/six.rs::test_d --with-deps --result-test_a=x\n"]);
}

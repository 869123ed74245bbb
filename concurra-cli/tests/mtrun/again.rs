//! The command in the block of a failed task runs the task again in the same way.

use std::path::Path;
use std::process::Command;

use crate::support::{Fresh, Ran, mtrun, mtrun_in, prepare};

const SOURCE: &str = r#"
use concurra::{State, task};

#[task]
fn before() -> String {
    "real".to_owned()
}

#[task(after = ["before"], with_state)]
fn inputs(state: &State) -> Result<(), String> {
    let keys = ["", "a=b", "graph", "result-q", "workers", "two words", "env"];
    let params = keys.map(|key| state.param(key));
    let before = state.result::<String>("before").ok();
    Err(format!("saw: {params:?} {before:?} {}", cfg!(feature = "fa")))
}

#[task(after = ["inputs"])]
fn behind() {
    panic!("saw: behind");
}

#[task(ignore = "not now")]
fn board() {}

#[task(after = ["board"])]
fn flash() {
    panic!("saw: flash");
}

concurra::main!();
"#;

/// A package with one target, `shop`.
fn package(name: &str) -> Fresh {
    let more = "\n[features]\nfa = []\nfb = []\n\n[[test]]\nname = \"shop\"\nharness = false\n";
    let package = Fresh::package(name, more);
    package.write("src/lib.rs", "");
    package.write("tests/shop.rs", SOURCE);
    package
}

/// The command in the block of a task.
#[track_caller]
fn command_in(ran: &Ran, task: &str) -> String {
    let block = ran.out.split_once(&format!("---- FAIL {task} ----")).expect(&ran.out).1;
    let command = block.split_once("run it again: ").expect(&ran.out).1;
    command.lines().next().unwrap_or_default().to_owned()
}

/// Runs the line in a shell, as a person who copies it.
fn run_copied(folder: &Path, line: &str) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]);
    prepare(&mut shell, folder);
    let own = Path::new(env!("CARGO_BIN_EXE_mtrun")).parent().expect("a folder");
    let set = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(own.to_owned()).chain(std::env::split_paths(&set));
    Ran::of(shell.env("PATH", std::env::join_paths(path).expect("a path")))
}

/// The error of a task that failed.
#[track_caller]
fn error_of<'r>(ran: &'r Ran, task: &str) -> &'r str {
    let block = ran.out.split_once(&format!("---- FAIL {task} ----")).expect(&ran.out).1;
    let error = block.lines().find(|line| line.contains("saw: "));
    error.unwrap_or_else(|| panic!("{}", ran.out)).trim()
}

/// Runs `mtrun`, and then the command that `mtrun` prints for the task. Returns the error of the task,
/// which is the same both times.
#[track_caller]
fn twice(folder: &Path, arguments: &[&str], task: &str) -> String {
    let first = mtrun_in(folder, arguments).exits(100);
    let again = run_copied(folder, &command_in(&first, task)).exits(100);
    assert_eq!(error_of(&again, task), error_of(&first, task), "{arguments:?}");
    error_of(&first, task).to_owned()
}

#[test]
fn with_the_same_parameters_and_results() {
    let package = package("again-params");
    let file = r#"{"": 1, "a=b": 2, "graph": "g", "result-q": "q", "env": "@env:HOME"}"#;
    package.write("p.json", file);
    let run = |arguments: &[&str]| twice(package.folder(), arguments, "inputs");
    let set = ["inputs", "--set", "workers=3", "--set=graph=x", "--set", "two words=it's {}"];
    assert_eq!(
        run(&[&["shop"], &set[..]].concat()),
        r#"saw: [None, None, Some("x"), None, Some("3"), Some("it's {}"), None] Some("real") false"#
    );
    let file = r#"Some("1"), Some("2"), Some("g"), Some("q"), None, None, Some("@env:HOME")"#;
    assert!(run(&["shop", "inputs", "--params-file", "p.json"]).contains(file));
    assert!(run(&["shop", "inputs", "--env=dev", "--env=prod"]).contains(r#"Some("prod")"#));
    assert!(run(&["shop", "inputs", "--result-before={}"]).contains(r#"Some("{}") false"#));
    assert!(run(&["shop", "inputs", "--set", "env=@env:HOME"]).contains(r#"None, Some("/"#));
}

#[test]
fn with_the_same_tasks_around_it() {
    let package = package("again-around");
    let run = |arguments: &[&str], task| twice(package.folder(), arguments, task);
    assert!(run(&["tests/shop.rs::inputs"], "inputs").ends_with("None false"));
    assert!(run(&["tests/shop.rs::inputs", "--with-deps"], "inputs").contains(r#"Some("real")"#));
    run(&["shop", "flash", "--include-ignored"], "flash");
    run(&["shop", "behind", "--run-dependents"], "behind");
    run(&["shop", "behind", "--no-deps"], "behind");
}

#[test]
fn with_the_same_build_from_a_path_that_a_shell_would_split() {
    let package = package("again-built");
    let folder = tempfile::tempdir().expect("a folder");
    let spaced = folder.path().join("two words");
    std::os::unix::fs::symlink(package.folder(), &spaced).expect("a link");
    let manifest = format!("--manifest-path={}", spaced.join("Cargo.toml").display());
    let arguments = ["shop", "inputs", "--features", "fa fb", "-p", "again-built", &manifest];
    assert!(twice(folder.path(), &arguments, "inputs").ends_with("true"));
}

#[test]
fn the_command_has_each_option_as_one_argument() {
    mtrun(&["six", "--env=dev", "--set", "two words=x", "--result-test_a=it's"])
        .exits(100)
        .prints(&["run it again: mtrun tests/six.rs::test_d --with-deps --env=dev "])
        .prints(&[r" '--set=two words=x' '--result-test_a=it'\''s'", "\n"]);
    mtrun(&["tests/six.rs::test_d"])
        .exits(100)
        .prints(&["run it again: mtrun tests/six.rs::test_d\n"]);
}

#[test]
fn the_command_leaves_out_what_the_run_left_out() {
    mtrun(&["six", "test_d", "--skip=test_b", "--exact", "--run-dependents"]).exits(100).prints(&[
        "run it again: mtrun tests/six.rs::test_d --with-deps --run-dependents --exact --skip=test_b\n",
    ]);
}

#[test]
fn the_command_has_the_profile_under_its_own_name() {
    let package = package("again-profile");
    let arguments = ["shop", "inputs", "--cargo-profile", "dev"];
    twice(package.folder(), &arguments, "inputs");
}

#[test]
fn the_command_has_no_mock_for_another_target() {
    mtrun(&["six", "values", "test_d", "show", "--result-number=2", "--result-test_a=x"])
        .exits(100)
        .prints(&["run it again: mtrun tests/six.rs::test_d --with-deps --result-test_a=x\n"]);
}

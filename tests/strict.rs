//! A package whose author is strict: its lints hold, and its executables say what they are.

use std::path::PathBuf;
use std::process::Command;

const MAIN: &str = concat!("concurra-runner:7:", env!("CARGO_PKG_VERSION"), ":main\n");
const TEST: &str = concat!("concurra-runner:7:", env!("CARGO_PKG_VERSION"), ":test\n");

/// Runs cargo in the package; gives back what it printed.
fn cargo(arguments: &[&str]) -> String {
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/strict");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(package)
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/fixtures"))
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?} failed:\n{errors}");
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// An executable, and which markers are in its bytes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Executable {
    name: String,
    main: bool,
    test: bool,
}

/// Builds every target as `cargo test` does; the executables in the order of their names.
fn executables(profile: &[&str]) -> Vec<Executable> {
    let build = ["test", "--no-run", "--message-format=json-render-diagnostics"];
    let messages = cargo(&[&build, profile].concat());
    let mut found: Vec<Executable> = messages.lines().filter_map(executable).collect();
    found.sort();
    found
}

fn executable(message: &str) -> Option<Executable> {
    let after = |key: &str| Some(message.split_once(key)?.1.split_once('"')?.0.to_owned());
    let path = PathBuf::from(after(r#""executable":""#)?);
    let mut name = after(r#""name":""#)?;
    if after(r#""kind":[""#)? != "test" {
        name = format!("{name} ({})", after(r#""kind":[""#)?);
        if message.contains(r#""test":true},"features""#) {
            name += " as test";
        }
    }
    let bytes = std::fs::read(path).expect("cargo built it");
    let has = |marker: &str| bytes.windows(marker.len()).any(|part| part == marker.as_bytes());
    Some(Executable { name, main: has(MAIN), test: has(TEST) })
}

fn check_markers(profile: &[&str]) {
    let found = executables(profile);
    let seen: Vec<(&str, bool, bool)> =
        found.iter().map(|it| (it.name.as_str(), it.main, it.test)).collect();
    let expected = [
        ("forgotten", false, true),
        ("plain", false, false),
        ("runner", true, false),
        ("strict (bin)", true, false),
        ("strict (bin) as test", false, false),
        ("strict (lib) as test", false, false),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn executables_carry_the_marker_of_their_entry_point() {
    check_markers(&[]);
}

#[test]
#[ignore = "builds every dependency once more, with link-time optimisation"]
fn markers_survive_the_optimiser() {
    check_markers(&["--release"]);
}

#[test]
fn no_lint_fires() {
    cargo(&["clippy", "--quiet", "--all-targets"]);
}

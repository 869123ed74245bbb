//! Texts about a command: its line, failure and output.

use std::fs;

use super::super::CommandSpec;
use super::{Folder, run, sh};

#[test]
fn a_line_is_quoted_where_a_shell_needs_it() {
    let line = |words: &[&str]| CommandSpec::exec(words.iter().copied()).line();
    assert_eq!(line(&["a", "--b=c,d", "/e.f"]), "a --b=c,d /e.f");
    assert_eq!(line(&["a", "", "b c", "it's", "*"]), r"a '' 'b c' 'it'\''s' '*'");
    assert_eq!(CommandSpec::shell("a | b 'c'").line(), "a | b 'c'");
    assert_eq!(line(&[]), "");
}

#[test]
fn the_failure_for_an_exit_code_has_the_last_lines_of_output() {
    let message = |text| sh(text).failure.expect("a failure").message;
    assert_eq!(message("exit 3"), "exited with 3");
    assert_eq!(message("echo out; echo no disk >&2; exit 1"), "exited with 1: no disk");
    assert_eq!(message("echo a; echo b; exit 1"), "exited with 1; the end of its stdout:\na\nb");
    let long = message("seq 30 >&2; exit 1");
    let lines: Vec<String> = (21..=30).map(|line| line.to_string()).collect();
    assert_eq!(long, format!("exited with 1; the end of its stderr:\n{}", lines.join("\n")));
}

#[test]
fn an_endless_line_is_cut() {
    let ran = sh("head -c 100000 /dev/zero | tr '\\0' 'x' >&2; exit 1");
    let message = ran.failure.expect("a failure").message;
    assert!(message.starts_with("exited with 1: …xxx"));
    assert!(message.len() < 5_000);
}

#[test]
fn a_signal_has_its_name_and_is_below_zero() {
    let ran = sh("echo why >&2; kill -s USR1 $$");
    let expected = -rustix::process::Signal::USR1.as_raw();
    assert_eq!(ran.output.returncode, Some(expected));
    assert_eq!(ran.failure.expect("a failure").message, "killed by SIGUSR1: why");
}

#[test]
fn without_check_no_end_is_a_failure() {
    for (text, code) in [("exit 3", 3), ("kill -s KILL $$", -9)] {
        let mut spec = CommandSpec::shell(text);
        spec.check = false;
        let ran = run(&spec);
        assert_eq!((ran.output.returncode, ran.failure), (Some(code), None));
    }
}

#[test]
fn secrets_are_masked_in_every_text() {
    let mut spec = CommandSpec::shell(r#"echo "key $TOKEN hun'ter2"; exit 1"#);
    spec.env = vec![("TOKEN".into(), "s3cret".into())];
    spec.secrets.extend(["s3cret\n"]);
    spec.secrets.extend(["hun'ter2"]);
    spec.secrets.extend([" "]);
    let folder = Folder::new();
    let dir = folder.at("s3cret");
    fs::create_dir(&dir).expect("a folder");
    spec.current_dir = Some(dir.clone());
    let ran = run(&spec);
    assert_eq!(ran.output.cwd, Some(dir));
    assert_eq!(ran.output.stdout.as_str(), "key s3cret hun'ter2\n");
    let json = ran.output.to_json();
    let seen = format!("{spec:?} {:?} {json} {:?}", ran.output, ran.failure);
    assert!(!seen.contains("s3cret") && !seen.contains("hun'ter2"), "{seen}");
    assert!(ran.failure.expect("a failure").message.ends_with("key *** ***"));
}

#[test]
fn secrets_are_masked_in_quoted_words_and_in_refusals() {
    let mut spec = CommandSpec::exec(["/no/hun'ter2", "-pit's"]);
    spec.secrets.extend(["hun'ter2"]);
    spec.secrets.extend(["it's"]);
    assert_eq!(spec.line(), "'/no/***' '-p***'");
    let message = run(&spec).failure.expect("a failure").message;
    assert_eq!(message, r#"there is no program "/no/***""#);
}

#[test]
fn an_output_for_reports() {
    let json = sh("echo out; exit 2").output.to_json();
    let expected = serde_json::json!({
        "command": "echo out; exit 2", "shell": true, "returncode": 2,
        "stdout": "out\n", "stderr": "", "cwd": null,
    });
    assert_eq!(json, expected);
}

#[test]
fn an_output_is_short_for_debuggers() {
    let text = format!("{:?}", sh("seq 1000").output);
    assert!(text.contains("returncode: Some(0)") && text.contains("… (3893 bytes)"), "{text}");
    assert!(text.len() < 300, "{text}");
}

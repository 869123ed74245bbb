//! The input, environment and output of commands.

use std::fs;

use super::super::{Captured, CommandSpec};
use super::{Folder, run, sh, stdout};

#[test]
fn a_direct_command() {
    let ran = run(&CommandSpec::exec(["echo", "two words", "$HOME"]));
    assert_eq!(stdout(&ran), "two words $HOME\n");
    assert_eq!(ran.output.returncode, Some(0));
    assert_eq!(ran.output.command, "echo 'two words' '$HOME'");
    assert!(!ran.output.shell && ran.failure.is_none());
}

#[test]
fn a_shell_with_a_pipe() {
    let ran = sh("printf 'b\\na\\n' | sort; echo err >&2");
    assert_eq!(stdout(&ran), "a\nb\n");
    assert_eq!(ran.output.stderr.as_str(), "err\n");
    assert!(ran.output.shell && ran.failure.is_none());
}

#[test]
fn much_on_both_pipes_at_once() {
    const SIZE: usize = 200_000_000;
    let line = b"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n";
    let yes = |bytes| format!("yes {} | head -c {bytes}", "y".repeat(line.len() - 1));
    let mut spec = CommandSpec::shell(format!("{0} & {0} >&2; wait", yes(SIZE)));
    spec.text = false;
    let ran = run(&spec);
    assert_eq!(ran.failure, None);
    for stream in [&ran.output.stdout, &ran.output.stderr] {
        let bytes = stream.as_bytes();
        assert_eq!(bytes.len(), SIZE);
        let page = line.repeat(10_000);
        assert!(bytes.chunks(page.len()).all(|chunk| chunk == &page[..chunk.len()]));
    }
}

#[test]
fn bytes_that_are_not_text() {
    let mut spec = CommandSpec::shell(r"printf 'a\377b'");
    assert_eq!(run(&spec).output.stdout, Captured::Text("a\u{FFFD}b".to_owned()));
    spec.text = false;
    let ran = run(&spec);
    assert_eq!(ran.output.stdout, Captured::Bytes(b"a\xFFb".to_vec()));
    assert_eq!(ran.output.to_json()["stdout"], "a\u{FFFD}b");
}

#[test]
fn output_is_not_captured_without_capture() {
    let mut spec = CommandSpec::shell("exit 3");
    spec.capture = false;
    let ran = run(&spec);
    assert_eq!(ran.output.stdout, Captured::NotCaptured);
    assert_eq!(ran.output.stderr.as_bytes(), b"");
    assert_eq!(ran.output.to_json()["stdout"], serde_json::Value::Null);
    assert_eq!(ran.failure.expect("a failure").message, "exited with 3");
}

#[test]
fn standard_input_is_at_its_end() {
    assert_eq!(stdout(&sh("cat; echo done")), "done\n");
}

#[test]
fn variables_are_added_and_the_last_one_counts() {
    let mut spec = CommandSpec::shell(r#"echo "$CONCURRA_A ${HOME:+home}""#);
    spec.env = vec![
        ("CONCURRA_A".into(), "1".into()),
        ("HOME".into(), "/".into()),
        ("CONCURRA_A".into(), "2 3".into()),
    ];
    assert_eq!(stdout(&run(&spec)), "2 3 home\n");
}

#[test]
fn the_working_directory() {
    let folder = Folder::new();
    let mut spec = CommandSpec::exec(["pwd", "-P"]);
    spec.current_dir = Some(folder.0.clone());
    let ran = run(&spec);
    assert_eq!(stdout(&ran).trim_end(), folder.0.to_str().expect("text"));
    assert_eq!(ran.output.cwd, Some(folder.0.clone()));
}

#[test]
fn a_relative_program_starts_at_the_working_directory() {
    let folder = Folder::new();
    fs::create_dir(folder.at("bin")).expect("a folder");
    folder.program("bin/tool", "#!/bin/sh\necho here $1");
    let mut spec = CommandSpec::exec(["bin/tool", "1"]);
    spec.current_dir = Some(folder.0.clone());
    assert_eq!(stdout(&run(&spec)), "here 1\n");
}

#[test]
fn the_search_path_of_the_command_counts() {
    let folder = Folder::new();
    folder.program("concurra-tool", "#!/bin/sh\necho found");
    let mut spec = CommandSpec::exec(["concurra-tool"]);
    spec.env = vec![("PATH".into(), folder.0.clone().into())];
    assert_eq!(stdout(&run(&spec)), "found\n");
}

//! Commands that cannot run, and their messages.

use std::ffi::OsString;
use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::super::{Captured, CommandSpec};
use super::{Folder, refused, run};

#[test]
fn an_empty_command() {
    for spec in [
        CommandSpec::exec(Vec::<OsString>::new()),
        CommandSpec::exec([""]),
        CommandSpec::shell(" \n"),
    ] {
        assert!(refused(&spec).starts_with("the command is empty"));
    }
}

#[test]
fn a_refused_command_has_an_output_too() {
    let ran = run(&CommandSpec::exec(["concurra-no-such-program"]));
    assert_eq!(ran.output.command, "concurra-no-such-program");
    assert_eq!(ran.output.returncode, None);
    assert_eq!(ran.output.stdout, Captured::Text(String::new()));
}

#[test]
fn nul_bytes() {
    let nul = |mut spec: CommandSpec, variable: Option<(&str, &str)>| {
        spec.env.extend(variable.map(|(name, value)| (name.into(), value.into())));
        refused(&spec).split(" has a NUL byte").next().expect("a part").to_owned()
    };
    assert_eq!(nul(CommandSpec::exec(["a\0b"]), None), "the program's name");
    assert_eq!(nul(CommandSpec::exec(["a", "b", "\0"]), None), "argument 2 of the command");
    assert_eq!(nul(CommandSpec::shell("echo \0"), None), "the shell text");
    let variable = nul(CommandSpec::shell("true"), Some(("KEY", "a\0")));
    assert_eq!(variable, r#"the environment variable "KEY""#);
    let mut spec = CommandSpec::shell("true");
    spec.current_dir = Some("a\0".into());
    assert_eq!(nul(spec, None), "the working directory");
}

#[test]
fn a_variable_without_a_proper_name() {
    for name in ["", "A=B"] {
        let mut spec = CommandSpec::shell("true");
        spec.env.push((name.into(), "1".into()));
        assert!(refused(&spec).contains("is not a valid name of an environment variable"));
    }
}

#[test]
fn a_missing_program() {
    let mut spec = CommandSpec::exec(["concurra-no-such-program"]);
    let message = refused(&spec);
    let path = std::env::var("PATH").expect("PATH");
    let expected = format!(r#"there is no program "concurra-no-such-program" in PATH ({path})"#);
    assert_eq!(message, expected);
    spec.env.push(("PATH".into(), "/no:/where".into()));
    assert!(refused(&spec).ends_with("in PATH (/no:/where)"));
    let line = refused(&CommandSpec::exec(["echo hello"]));
    assert!(line.contains("give every argument by itself"), "{line}");
}

#[test]
fn the_message_for_a_missing_relative_program_has_its_full_path() {
    let folder = Folder::new();
    let mut spec = CommandSpec::exec(["./tool"]);
    assert_eq!(refused(&spec), r#"there is no program "./tool""#);
    spec.current_dir = Some(folder.0.clone());
    let expected = format!("there is no program {:?}", folder.at("./tool"));
    assert_eq!(refused(&spec), expected);
}

#[test]
fn a_program_whose_interpreter_is_missing() {
    let folder = Folder::new();
    let tool = folder.program("tool", "#!/no/such/interpreter\n");
    let message = refused(&CommandSpec::exec([tool]));
    assert!(message.contains("the interpreter of its `#!` line"), "{message}");
}

#[test]
fn a_wrong_working_directory() {
    let folder = Folder::new();
    fs::write(folder.at("file"), "").expect("a file");
    let mut spec = CommandSpec::exec(["true"]);
    spec.current_dir = Some("".into());
    assert!(refused(&spec).contains("the working directory is empty"), "{}", refused(&spec));
    spec.current_dir = Some(folder.at("none"));
    assert!(refused(&spec).starts_with("there is no working directory"));
    spec.current_dir = Some(folder.at("file"));
    assert!(refused(&spec).ends_with("is not a directory"));
}

#[test]
fn a_program_without_permission() {
    let folder = Folder::new();
    let tool = folder.program("tool", "#!/bin/sh\n");
    fs::set_permissions(&tool, Permissions::from_mode(0o644)).expect("the permissions");
    let message = refused(&CommandSpec::exec([tool]));
    assert!(message.contains("make it executable (`chmod +x`)"), "{message}");
}

#[test]
fn a_directory_as_a_program() {
    let folder = Folder::new();
    fs::create_dir(folder.at("tool")).expect("a folder");
    let expected = format!("{:?} is a directory; give the path of a program", folder.at("tool"));
    assert_eq!(refused(&CommandSpec::exec([folder.at("tool")])), expected);
    let mut spec = CommandSpec::exec(["tool"]);
    spec.env.push(("PATH".into(), folder.0.clone().into()));
    assert_eq!(refused(&spec), expected);
}

#[test]
fn a_program_of_an_unknown_kind() {
    let folder = Folder::new();
    let tool = folder.program("tool", "echo hello\n");
    let message = refused(&CommandSpec::exec([tool]));
    assert!(message.contains("is not a program for this system"), "{message}");
}

#[test]
fn a_program_that_is_being_written() {
    let folder = Folder::new();
    let tool = folder.program("tool", "#!/bin/sh\n");
    let writer = OpenOptions::new().append(true).open(&tool).expect("the file");
    let message = refused(&CommandSpec::exec([tool]));
    assert!(message.contains("close the file first"), "{message}");
    drop(writer);
}

#[test]
fn arguments_that_are_too_long() {
    let message = refused(&CommandSpec::exec(["true".to_owned(), "x".repeat(1 << 24)]));
    assert!(message.contains("the longest argument has 16777216 bytes"), "{message}");
}

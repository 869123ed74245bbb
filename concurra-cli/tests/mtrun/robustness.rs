//! Readers that leave, disks that are full, files that cannot be read.

use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::{Fresh, Ran, command, flows, mtrun};

#[test]
fn a_reader_that_closes_the_pipe_is_not_an_error() {
    // Their tasks print nothing: a `println!` of a task's own panics when the reader has closed the pipe. The
    // last one has libtest's `main`.
    let alone = &["tests/forgotten.rs::second", "--result-first"];
    for arguments in [&["layers"][..], &["layers", "--list"], &["layers", "it"], alone] {
        let mut command = command(&flows(), arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("mtrun starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        let ran = Ran::new(&child.wait_with_output().expect("an end")).exits(0);
        assert_eq!(ran.complaint(), "");
    }
}

#[test]
fn a_reader_that_closes_the_pipe_during_help_is_not_an_error() {
    let line = "\"$0\" --help | head -1; \"$0\" six --list | head -1";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", line, env!("CARGO_BIN_EXE_mtrun")]);
    crate::support::prepare(&mut shell, &flows());
    let ran = Ran::of(&mut shell).exits(0);
    assert_eq!(ran.lacks("panicked").complaint(), "");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    // The system has the device only on Linux.
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let shown = [&["layers", "--list"][..], &["layers", "--graph=dot"], &["layers", "-q"]];
    // With libtest's `main` the output goes through `mtrun`.
    for arguments in [&["layers"][..], &["forgotten", "second"]].into_iter().chain(shown) {
        let mut command = command(&flows(), arguments);
        let output = command.stdout(full.try_clone().expect("a descriptor")).output();
        Ran::new(&output.expect("mtrun starts"))
            .exits(110)
            .complains("error: the output could not be written: No space left");
    }
}

#[test]
fn an_output_that_cannot_be_written_decides_over_failures_and_not_over_setups() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let arguments = [
        &["broken/tests/crashes.rs", "--tags=panics"][..],
        &["-p", "broken", "ends", "--in-setup=panic"],
    ];
    for (arguments, code) in arguments.into_iter().zip([110, 105]) {
        let mut command = command(&flows(), arguments);
        let output = command.stdout(full.try_clone().expect("a descriptor")).output();
        Ran::new(&output.expect("mtrun starts"))
            .exits(code)
            .complains("error: the output could not be written: No space left");
    }
}

#[test]
fn any_number_of_workers_is_taken() {
    let most = usize::MAX.to_string();
    for option in ["-w", "--test-threads", "-j"] {
        for workers in [most.as_str(), "1000000000"] {
            mtrun(&["-p", "broken", "ends", option, workers])
                .exits(0)
                .prints(&["==== 2 passed in "]);
        }
    }
    let mut command = command(&flows(), &["-p", "broken", "ends"]);
    Ran::of(command.env("RUST_TEST_THREADS", most)).exits(0).prints(&["==== 2 passed in "]);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = Fresh::new("unreadable");
    folder.write("locked.rs", "#[concurra::task] fn a() {}");
    std::fs::write(folder.path("bytes.rs"), [0xff, 0xfe]).expect("a file");
    folder.mtrun(&["bytes.rs"]).exits(94).complains("bytes.rs`").complains("UTF-8");
    std::fs::set_permissions(folder.path("locked.rs"), Permissions::from_mode(0o000))
        .expect("a mode");
    // Root reads everything.
    if File::open(folder.path("locked.rs")).is_err() {
        folder.mtrun(&["locked.rs"]).exits(94).complains("locked.rs`: Permission denied");
    }
    folder.mtrun(&["absent.rs"]).exits(94).complains("absent.rs`: No such file");
}

#[test]
fn an_error_in_a_folder_without_a_package_has_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::support::mtrun_in(folder.path(), &[]).exits(94).complains("no Cargo.toml in");
}

#[test]
fn a_cache_that_cannot_be_written_keeps_only_files_without_a_package_from_running() {
    let unusable = |arguments: &[&str]| {
        let mut command = command(&flows(), arguments);
        Ran::of(command.env("XDG_CACHE_HOME", "/dev/null/cache"))
    };
    unusable(&["hooks"]).exits(0).ended("PASS work");
    let folder = Fresh::new("uncached");
    folder.write("alone.rs", "#[concurra::task] fn a() {}");
    let file = folder.path("alone.rs").display().to_string();
    unusable(&[&file])
        .exits(101)
        .complains("`/dev/null/cache`: ")
        .complains("set XDG_CACHE_HOME to a folder that only you can write");
}

#[test]
fn an_error_names_a_missing_cargo() {
    let package = Fresh::package("no-cargo", "");
    package.write("tests/a.rs", "");
    let ran = Ran::of(package.command(&[]).env("CARGO", "/no/such/cargo"));
    assert_eq!(ran.code, Some(102), "{}", ran.err);
}

#[test]
fn an_error_has_the_reason_of_cargo_for_a_wrong_workspace() {
    let package = Fresh::package("not-understood", "odd = \"no version\"\n");
    package.write("tests/a.rs", "#[concurra::task] fn a() {} concurra::main!();");
    package
        .mtrun(&[])
        .exits(102)
        .ended("")
        .complains("error: cargo cannot read the workspace: ")
        .complains("odd");
}

#[test]
fn arguments_that_are_not_unicode_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let odd = std::ffi::OsStr::from_bytes(b"six\xff");
    Ran::of(command(&flows(), &[]).arg(odd)).exits(94).complains("is not valid Unicode");
}

#[test]
fn a_target_runs_where_cargo_would_run_it() {
    // `wrong.rs` reports places relative to its workspace, wherever mtrun was called.
    mtrun(&["broken/tests/wrong.rs"]).exits(96).complains("broken/tests/wrong.rs:6");
}

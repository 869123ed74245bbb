//! Folders for temporary files, and paths that are not Unicode.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{Ran, command, flows};

fn odd(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

/// A folder whose path is not Unicode.
fn odd_folder() -> TempDir {
    tempfile::Builder::new().suffix(odd(b"-\xff")).tempdir().expect("a folder")
}

/// Runs a task that is built already, with this folder for temporary files.
fn with_tmpdir(tmpdir: &Path, folder: &Path) -> Ran {
    let manifest = format!("--manifest-path={}", flows().join("Cargo.toml").display());
    let arguments = [&manifest, "hooks"];
    Ran::of(&mut command(folder, &arguments)).exits(0);
    Ran::of(command(folder, &arguments).env("TMPDIR", tmpdir))
}

#[test]
fn a_folder_for_temporary_files_that_cannot_be_used_is_named() {
    let parent = tempfile::tempdir().expect("a folder");
    let (file, locked) = (parent.path().join("file"), parent.path().join("locked"));
    fs::write(&file, "").expect("a file");
    fs::create_dir(&locked).expect("a folder");
    fs::set_permissions(&locked, Permissions::from_mode(0o500)).expect("a mode");
    let absent = parent.path().join("absent");
    // Root writes everywhere.
    let is_root = File::create(locked.join("file")).is_ok();
    let locked = (!is_root).then_some((locked.as_path(), "Permission denied"));
    let unusable = [(file.as_path(), "Not a directory"), (&absent, "No such file or directory")];
    for (tmpdir, why) in unusable.into_iter().chain(locked) {
        let error = format!("no folder can be made in `{}`: {why}", tmpdir.display());
        with_tmpdir(tmpdir, &flows())
            .exits(104)
            .ended("")
            .complains(&error)
            .complains("; set TMPDIR to a folder that you can write to, with a path of at most 50");
    }
    // It counts from the folder of the call, not from that of the target.
    let error = format!("no folder can be made in `{}`", absent.display());
    with_tmpdir(Path::new("absent"), parent.path()).exits(104).complains(&error);
}

#[test]
fn a_folder_for_temporary_files_may_have_any_name_and_be_relative() {
    let folder = odd_folder();
    fs::create_dir(folder.path().join("t")).expect("a folder");
    let absolute = folder.path().join("t");
    for tmpdir in [Path::new("t"), &absolute, Path::new("")] {
        with_tmpdir(tmpdir, folder.path()).exits(0).prints(&["==== 1 passed in "]);
    }
    // `mtrun` has removed the folder of the run.
    assert_eq!(fs::read_dir(absolute).expect("a folder").count(), 0);
}

#[test]
fn relative_paths_start_also_in_a_folder_whose_name_is_not_unicode() {
    let folder = odd_folder();
    let file = |name: &[u8], text: &str| {
        fs::write(folder.path().join(odd(name)), text).expect("a file");
    };
    // With the marks that some editors put at the head of a file.
    file(b"p.json", "\u{feff}{\"env\": \"here\"}");
    file(b"n\xfe", "\u{feff}12\n");
    let manifest = format!("--manifest-path={}", flows().join("Cargo.toml").display());
    let run = |arguments: &[&str], odd_arguments: &[&[u8]]| {
        let mut command = command(folder.path(), &[&manifest]);
        command.args(arguments).args(odd_arguments.iter().map(|argument| odd(argument)));
        Ran::of(&mut command).exits(0)
    };
    run(&["hooks", "--params-file=p.json"], &[]).prints(&["work env=Some(\"here\")"]);
    let odd_arguments: [&[u8]; 2] = [b"--result-number=@n\xfe", b"--report=json=r\xfe"];
    run(&["values", "show", "--log-dir=logs"], &odd_arguments).prints(&["number=Ok(12)"]);
    let report = fs::read_to_string(folder.path().join(odd(b"r\xfe"))).expect("a report");
    assert!(report.contains(r#""name":"values""#), "{report}");
    assert!(folder.path().join("logs").is_dir());
    // With libtest's `main` the options go through a variable.
    run(&["forgotten"], &[b"--log-dir", b"l\xfe", b"--report=json=f\xfe"]);
    assert!(folder.path().join(odd(b"l\xfe")).is_dir());
    assert!(folder.path().join(odd(b"f\xfe")).is_file());
}

#[test]
fn variables_that_are_not_unicode_are_not_called_unset() {
    let ran = |variable: &str, arguments: &[&str]| {
        let mut command = command(&flows(), arguments);
        Ran::of(command.env(variable, OsString::from(odd(b"tok\xff")))).exits(94).ended("")
    };
    let wrong = |variable: &str| {
        format!("the value of the environment variable `{variable}` is not valid Unicode")
    };
    ran("ODD", &["hooks", "--set", "env=@env:ODD"]).complains(&wrong("ODD"));
    ran("RUST_TEST_THREADS", &["hooks"]).complains(&wrong("RUST_TEST_THREADS"));
    ran("RUST_LOG", &["hooks", "--log"]).complains("it is not valid Unicode");
}

#[test]
fn arguments_that_are_not_unicode_are_named_without_their_values() {
    let ran = |argument: &[u8]| Ran::of(command(&flows(), &["six"]).arg(odd(argument))).exits(94);
    ran(b"six\xff").complains("the argument `six\u{fffd}` is not valid Unicode");
    ran(b"--token=hunter\xff").complains("the value of `--set token` is not").lacks("hunter");
    ran(b"--tags=a\xff").complains("`--tags` cannot be `a\u{fffd}`: it is not valid Unicode");
}

#[test]
fn a_scratch_file_whose_path_is_not_unicode_is_an_error() {
    let folder = odd_folder();
    let file = folder.path().join("job.rs");
    fs::write(&file, "#[concurra::task] fn job() {}\n").expect("a file");
    Ran::of(&mut command(folder.path(), &["job.rs"]))
        .exits(94)
        .ended("")
        .complains("job.rs`: its path is not valid Unicode");
}

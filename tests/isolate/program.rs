//! A program whose file is removed, replaced or renamed while it runs, and its worker processes.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{env, fs};

use concurra::{ExecutionMode, task};

use crate::support::{folder, run, runner};

scenarios! {
    a_program_that_is_removed_goes_on,
    a_program_that_is_replaced_goes_on_and_the_other_does_not_run,
    a_program_that_is_renamed_goes_on,
}

/// What is done to the program's file.
const CHANGE: &str = "CONCURRA_TEST_CHANGE";

const NAME: &str = "orders-at-night";

#[task]
fn names() -> (u32, Vec<String>, String) {
    let short = fs::read_to_string("/proc/self/comm").unwrap_or_default();
    (process::id(), env::args().collect(), short.trim_end().to_owned())
}

fn a_program_that_is_removed_goes_on() {
    changed("a_program_that_is_removed_goes_on", |file| fs::remove_file(file).expect("a file"));
}

fn a_program_that_is_replaced_goes_on_and_the_other_does_not_run() {
    changed("a_program_that_is_replaced_goes_on_and_the_other_does_not_run", |file| {
        let other = file.with_extension("new");
        fs::write(&other, "#!/bin/sh\ntouch \"$0.ran\"\n").expect("a file");
        fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).expect("it is ours");
        fs::rename(&other, file).expect("a file");
    });
}

fn a_program_that_is_renamed_goes_on() {
    changed("a_program_that_is_renamed_goes_on", |file| {
        fs::rename(file, file.with_extension("old")).expect("a file");
    });
}

/// Runs the scenario in another program, which changes its file between two runs.
fn changed(scenario: &str, change: impl FnOnce(&Path)) {
    if let Some(file) = env::var_os(CHANGE) {
        return run_before_and_after(|| change(Path::new(&file)));
    }
    let folder = folder().join(scenario);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    let file = program_in(&folder);
    let mut command = Command::new(&file);
    command.args(["--exact", scenario]).env(CHANGE, &file).env("NUMBERS", &folder);
    let output = command.output().expect("the program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "{text}");
    assert!(!folder.join(format!("{NAME}.ran")).exists(), "the other program ran");
    fs::remove_dir_all(&folder).expect("the folder is there");
}

/// This program under a path that can be changed.
fn program_in(folder: &Path) -> PathBuf {
    let (own, file) = (env::current_exe().expect("a path"), folder.join(NAME));
    // Folders may be on different disks.
    fs::hard_link(&own, &file).or_else(|_| fs::copy(&own, &file).map(drop)).expect("a file");
    file
}

fn run_before_and_after(change: impl FnOnce()) {
    let all = || {
        let report = run(runner(&["program::names"]));
        assert_eq!(report.verify(), Ok(()));
        assert_eq!(report["names"].execution_mode(), Some(ExecutionMode::Process));
        report["names"].result::<(u32, Vec<String>, String)>().expect("it passed")
    };
    let before = all();
    change();
    let after = all();
    assert_ne!(before.0, after.0, "each run has its own worker process");
    for (_, arguments, short) in [&*before, &*after] {
        assert_eq!(*arguments, [env::args().next().expect("a name")]);
        if cfg!(target_os = "linux") {
            assert_eq!(*short, NAME);
        }
    }
}

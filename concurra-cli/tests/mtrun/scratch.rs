//! Files outside any package.

use std::process::Command;

use crate::support::{Fresh, Ran, prepare};

const LOAD: &str = "\
use concurra::{State, task};

#[task]
fn load() -> String {
    \"rows\".to_owned()
}

#[task(after = [\"load\"], with_state)]
fn show(state: &State) {
    println!(\"show sees {:?}\", state.result::<String>(\"load\").ok());
}
";

#[test]
fn a_file_without_main_runs_and_its_hidden_module_is_no_part_of_names() {
    let folder = Fresh::new("hidden");
    folder.write("load.rs", LOAD);
    folder
        .mtrun(&["load.rs"])
        .exits(0)
        .ended("PASS load show")
        .prints(&["show sees Some(\"rows\")"]);
    folder.mtrun(&["load.rs::load"]).exits(0).ended("PASS load").lacks("scratch");
    folder
        .mtrun(&["load.rs::show", "--result-load=mock"])
        .exits(0)
        .ended("PASS show, MOCK load")
        .prints(&["show sees Some(\"mock\")"]);
    folder.mtrun(&["load.rs", "--list"]).exits(0).prints(&["load\n", "show  after load\n"]);
    folder.mtrun(&["load.rs::lod"]).exits(96).complains("did you mean `load`?");
}

#[test]
fn a_file_with_main_of_its_own() {
    let folder = Fresh::new("own");
    folder.write("own.rs", &format!("{LOAD}\nconcurra::main!(workers = 1);\n"));
    let ran = folder.mtrun(&["own.rs"]).exits(0).ended("PASS load show");
    ran.prints(&["running 2 tasks on 1 worker\n"]);
    folder.mtrun(&["own.rs::load"]).exits(0).ended("PASS load");
}

#[test]
fn a_failure_names_the_file_that_the_person_wrote() {
    let folder = Fresh::new("fails");
    folder.write("fails.rs", "#[concurra::task]\nfn broken() {\n    panic!(\"on purpose\");\n}\n");
    let ran = folder.mtrun(&["fails.rs"]).exits(100).ended("FAIL broken");
    ran.prints(&["fails.rs:2", "on purpose", "fails.rs:3", "run it again: mtrun fails.rs::broken"]);
}

#[test]
fn a_changed_file_is_built_again() {
    let folder = Fresh::new("again");
    folder.write("again.rs", "#[concurra::task] fn one() {}");
    folder.mtrun(&["again.rs"]).exits(0).ended("PASS one");
    folder.write("again.rs", "#[concurra::task] fn two() {}");
    folder.mtrun(&["again.rs"]).exits(0).ended("PASS two");
    folder.write("again.rs", "#[concurra::task] fn two() {} concurra::main!();");
    folder.mtrun(&["again.rs"]).exits(0).ended("PASS two");
}

#[test]
fn lines_at_the_top_name_dependencies() {
    let folder = Fresh::new("needs");
    let source = "//# anyhow = \"1\"\nuse anyhow::Context;\n\
                  #[concurra::task] fn reads() -> anyhow::Result<()> {\n\
                  \"x\".parse::<u8>().context(\"not a number\")?; Ok(()) }\n";
    folder.write("needs.rs", source);
    folder
        .mtrun(&["needs.rs", "--offline"])
        .exits(100)
        .ended("FAIL reads")
        .prints(&["not a number", "caused by: invalid digit"]);
}

#[test]
fn a_dependency_line_that_cargo_refuses_is_named() {
    let folder = Fresh::new("bad");
    let refused = |line: &str, why: &str| {
        folder.write("bad.rs", &format!("// A note.\n{line}\n#[concurra::task] fn a() {{}}\n"));
        let place = format!("{}:2: cargo rejects `{}`: ", folder.path("bad.rs").display(), line);
        let ran = folder.mtrun(&["bad.rs", "--offline"]).exits(101).ended("");
        ran.complains(&place).complains(why).lacks("scratch/bad");
    };
    refused("//# anyhow = 1\"", "");
    refused("//# anyhow = { optional = false }", "dependency (anyhow) specified without");
    refused("//# anyhow = \"99\"", "failed to select a version");
    refused("//# absent = { path = \"absent\" }", "absent/Cargo.toml`: No such file");
    refused("//# anyhow = { version = \"1\", features = [\"x\"] }", "feature");
    folder.write("bad.rs", "//# a note, not a dependency\n#[concurra::task] fn a() {}\n");
    folder.mtrun(&["bad.rs"]).exits(0).ended("PASS a");
}

#[test]
fn a_file_that_begins_with_the_name_of_mtrun_is_a_program() {
    let folder = Fresh::new("program");
    folder.write("program.rs", &format!("#!/usr/bin/env mtrun\n{LOAD}"));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path("program.rs"), mode).expect("a mode");
    let mut command = Command::new(folder.path("program.rs"));
    command.arg("-w1");
    prepare(&mut command, folder.folder());
    let mtrun = std::path::Path::new(env!("CARGO_BIN_EXE_mtrun")).parent().expect("a folder");
    let set = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(mtrun.to_owned()).chain(std::env::split_paths(&set));
    command.env("PATH", std::env::join_paths(path).expect("a path"));
    Ran::of(&mut command).exits(0).ended("PASS load show").prints(&["on 1 worker\n"]);
}

#[test]
fn names_that_cargo_would_not_take() {
    let folder = Fresh::new("odd");
    for name in ["my tasks.rs", "test.rs", "1.rs"] {
        folder.write(name, "#[concurra::task] fn one() {}");
    }
    folder.mtrun(&["my tasks.rs", "test.rs", "1.rs"]).exits(0).prints(&["3 targets: 3 passed"]);
}

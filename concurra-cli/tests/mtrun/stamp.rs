//! When nothing changed cargo is not started; when anything did, it is.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::{Fresh, Ran};

const TASKS: &str = r#"
mod helper;
#[concurra::task]
fn values() {
    println!("{} {} {}", part::NUMBER, part::inner::NUMBER, helper::NUMBER);
    println!("{:?} {}", option_env!("GREETING"), include_str!("../data.txt"));
    println!("feature {}", cfg!(feature = "extra"));
    println!("executable {}", std::env::current_exe().unwrap().display());
}
concurra::main!();
"#;

/// A package with a path dependency, and a cargo that notes that it was started.
struct Watched {
    package: Fresh,
    cargo: PathBuf,
    calls: PathBuf,
}

impl Watched {
    fn new(name: &str) -> Self {
        let more = "part = { path = \"part\" }\n\n[features]\nextra = []\n";
        let package = Fresh::package(name, more);
        let part = format!(
            "[package]\nname = \"{name}-part\"\nversion = \"0.0.0\"\n\n[lib]\nname = \"part\"\n"
        );
        let manifest = std::fs::read_to_string(package.path("Cargo.toml")).expect("a manifest");
        let renamed = format!("{name}-part = {{ path");
        package.write("Cargo.toml", &manifest.replace("part = { path", &renamed));
        package.write("part/Cargo.toml", &part);
        package.write("part/src/lib.rs", "pub mod inner; pub const NUMBER: u32 = 1;");
        package.write("part/src/inner.rs", "pub const NUMBER: u32 = 1;");
        package.write("tests/values.rs", TASKS);
        package.write("tests/helper/mod.rs", "pub const NUMBER: u32 = 1;");
        package.write("data.txt", "one");
        let (cargo, calls) = (package.path("cargo"), package.path("calls"));
        let script =
            format!("#!/bin/sh\necho \"$@\" >> {calls:?}\nexec {:?} \"$@\"\n", env!("CARGO"));
        package.write("cargo", &script);
        std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        Self { package, cargo, calls }
    }

    /// Runs `mtrun`. Returns whether it started cargo.
    #[track_caller]
    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, Ran) {
        let _ = std::fs::remove_file(&self.calls);
        let mut command = self.package.command(arguments);
        command.env("CARGO", &self.cargo).envs(variables.iter().copied());
        let ran = Ran::of(&mut command).exits(0);
        (self.calls.exists(), ran)
    }

    /// Something changed: cargo is started, the new state runs, and then nothing has changed.
    #[track_caller]
    fn builds(&self, arguments: &[&str], variables: &[(&str, &str)], text: &str) {
        let (started, ran) = self.run(arguments, variables);
        assert!(started, "cargo was not started:\n{}", ran.out);
        ran.prints(&[text]);
        self.rests(arguments, variables, text);
    }

    /// Nothing changed: cargo is not started, and the same runs.
    #[track_caller]
    fn rests(&self, arguments: &[&str], variables: &[(&str, &str)], text: &str) {
        let (started, ran) = self.run(arguments, variables);
        assert!(!started, "cargo was started:\n{}", ran.err);
        ran.prints(&[text]);
    }
}

#[test]
fn a_changed_source_is_never_missed() {
    let watched = Watched::new("sources");
    let write = |name: &str, text: &str| watched.package.write(name, text);
    watched.builds(&[], &[], "1 1 1");
    write("part/src/inner.rs", "pub const NUMBER: u32 = 22;");
    watched.builds(&[], &[], "1 22 1");
    write("part/src/lib.rs", "pub mod inner; pub const NUMBER: u32 = 2;");
    watched.builds(&[], &[], "2 22 1");
    write("tests/helper/mod.rs", "pub const NUMBER: u32 = 3;");
    watched.builds(&[], &[], "2 22 3");
    write("data.txt", "two");
    watched.builds(&[], &[], "two");
    // The same targets in other words are built already.
    for words in [&["values"][..], &["tests/values.rs"], &["tests/values.rs::values"], &["val"]] {
        watched.rests(words, &[], "2 22 3");
    }
}

#[test]
fn targets_that_come_and_go_are_seen() {
    let watched = Watched::new("comings");
    let task = |name: &str| format!("#[concurra::task] fn {name}() {{}} concurra::main!();");
    watched.builds(&[], &[], "1 1 1");
    watched.package.write("tests/more.rs", &task("more"));
    watched.builds(&[], &[], "==> tests/more.rs");
    watched.package.write("tests/folder/main.rs", &task("inside"));
    watched.builds(&[], &[], "==> tests/folder/main.rs");
    watched.package.remove("tests/more.rs");
    watched.builds(&[], &[], "==> tests/folder/main.rs");
    let (_, ran) = watched.run(&[], &[]);
    ran.lacks("tests/more.rs");
}

#[test]
fn manifests_features_and_variables_are_part_of_it() {
    let watched = Watched::new("settings");
    watched.builds(&[], &[], "feature false");
    watched.builds(&["--features", "extra"], &[], "feature true");
    let (_, ran) = watched.run(&[], &[]);
    ran.prints(&["feature false"]);
    watched.builds(&[], &[("GREETING", "hi")], "Some(\"hi\")");
    let (_, ran) = watched.run(&[], &[]);
    ran.prints(&["None one"]);
    let manifest = std::fs::read_to_string(watched.package.path("Cargo.toml")).expect("a manifest");
    watched.package.write("Cargo.toml", &format!("{manifest}default = [\"extra\"]\n"));
    watched.builds(&[], &[], "feature true");
    watched.package.write(".cargo/config.toml", "[env]\nGREETING = \"configured\"\n");
    watched.builds(&[], &[], "Some(\"configured\")");
}

#[test]
fn a_removed_executable_is_built_again() {
    let watched = Watched::new("removed");
    watched.builds(&[], &[], "1 1 1");
    let (_, ran) = watched.run(&[], &[]);
    let executable = ran.out.lines().find_map(|line| line.strip_prefix("executable "));
    std::fs::remove_file(executable.expect(&ran.out)).expect("removed");
    watched.builds(&[], &[], "1 1 1");
}

//! Data flows one way: each module uses only those before it.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the core, each after those that it may use.
const CORE: &[&str] = &[
    "outcome",
    "nearest",
    "shown",
    "type_text",
    "graph",
    "shape",
    "machine",
    "failure",
    "policy",
    "secret",
    "process",
    "value",
    "probe",
    "codec",
    "event",
    "state",
    "context",
    "registry",
    "task",
    "names",
    "problem",
    "selection",
    "catalog",
    "plan",
    "isolate",
    "engine",
    "report",
    "callbacks",
    "logged",
    "signals",
    "runner",
];

/// The modules of the command line, likewise.
const CLI: &[&str] = &[
    "os_text",
    "options",
    "supervise",
    "marker",
    "root",
    "log",
    "report",
    "show",
    "runner",
    "cargo",
    "launch",
];

/// The modules of the launcher, likewise: from words to targets, to programs, to runs.
const LAUNCH: &[&str] = &[
    "suggestion",
    "error",
    "cache",
    "words",
    "targets",
    "job",
    "fingerprint",
    "program",
    "build",
    "stamp",
    "site",
    "resolve",
    "run",
    "summary",
    "mod",
];

#[test]
fn the_core_flows_one_way() {
    check("concurra-core/src", CORE);
}

#[test]
fn the_command_line_flows_one_way() {
    check("concurra-cli/src", CLI);
}

#[test]
fn the_launcher_flows_one_way() {
    let folder = root().join("concurra-cli/src/launch");
    let place = |module: &str| LAUNCH.iter().position(|known| *known == module);
    for file in sources(&folder) {
        let inside = file.strip_prefix(&folder).expect("below the folder").with_extension("");
        let parts = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>();
        let own = place(&parts[0]).unwrap_or_else(|| panic!("`{}` has no place", parts[0]));
        let code = code(&file);
        let mut used = named(&code, "crate::launch::");
        // Only the parent of these files is the launcher itself.
        if parts.len() == 1 || parts[1..] == ["mod"] {
            used.extend(named(&code, "super::"));
        }
        for other in used.iter().filter_map(|other| place(other)) {
            let (file, other) = (file.display(), LAUNCH[other]);
            assert!(place(other) <= Some(own), "{file} uses {other}, which comes after it");
        }
    }
}

/// Reporters know only events and the plan, so that a new one is one file and one line.
#[test]
fn a_reporter_knows_only_its_family() {
    for file in sources(&root().join("concurra-cli/src/report")) {
        for used in uses(&code(&file)) {
            assert!(used == "options", "{} uses crate::{used}", file.display());
        }
    }
}

/// Filters know only a task, so that a new one is one file and one line.
#[test]
fn a_filter_knows_only_a_task() {
    for file in sources(&root().join("concurra-core/src/selection")) {
        for used in uses(&code(&file)) {
            let known = ["nearest", "problem", "task"].contains(&used.as_str());
            assert!(known, "{} uses crate::{used}", file.display());
        }
    }
}

fn check(folder: &str, order: &[&str]) {
    let folder = root().join(folder);
    for file in sources(&folder) {
        let inside = file.strip_prefix(&folder).expect("below the folder");
        let module = inside.iter().next().expect("a name").to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if module == "lib" || module == "bin" {
            continue;
        }
        let place = |module: &str| order.iter().position(|known| *known == module);
        let own = place(module).unwrap_or_else(|| panic!("`{module}` has no place in the order"));
        for used in uses(&code(&file)) {
            // What stands at the crate's root is re-exported from the module `root`.
            let Some(other) = place(&used) else { continue };
            assert!(other <= own, "{} uses crate::{used}, which comes after it", file.display());
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && path.file_stem().is_some_and(|name| name != "tests")
        {
            found.push(path);
        }
    }
    found
}

/// The code of a file without its tests, which may use anything.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// The modules named as `crate::module`.
fn uses(code: &str) -> Vec<String> {
    named(code, "crate::")
}

/// The modules named after a prefix.
fn named(code: &str, prefix: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_lowercase() || *c == '_').collect();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|line| line.split(prefix).skip(1).map(name).collect::<Vec<String>>())
        .filter(|name| !name.is_empty())
        .collect()
}

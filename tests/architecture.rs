//! Data flows one way: each module uses only those before it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the core, each after those that it may use.
const CORE: &[&str] = &[
    "sync",
    "outcome",
    "counts",
    "shown",
    "label",
    "nearest",
    "type_text",
    "graph",
    "shape",
    "machine",
    "failure",
    "max_fail",
    "policy",
    "settings",
    "secret",
    "process",
    "value",
    "probe",
    "codec",
    "event",
    "view",
    "state",
    "context",
    "registry",
    "task",
    "names",
    "problem",
    "selection",
    "plan",
    "isolate",
    "engine",
    "report",
    "logged",
    "signals",
    "runner",
];

/// The modules of the command line, likewise.
const CLI: &[&str] = &[
    "sync",
    "os_text",
    "report",
    "options",
    "supervise",
    "marker",
    "root",
    "log",
    "console",
    "replay",
    "show",
    "runner",
    "cargo",
    "launch",
];

/// The modules of the launcher, likewise: from words to targets, to programs, to runs.
const LAUNCH: &[&str] = &[
    "error",
    "cache",
    "words",
    "targets",
    "fingerprint",
    "idle_tests",
    "program",
    "build",
    "stamp",
    "site",
    "resolve",
    "run",
    "nothing",
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

/// The files and folders of one folder do not import each other in circles.
#[test]
fn no_circles() {
    for package in ["concurra-core", "concurra-cli", "concurra-macros"] {
        let modules = Modules::read(&root().join(package).join("src"));
        let circles = modules.circles();
        assert!(circles.is_empty(), "{package}: {}", circles.join("; "));
    }
}

/// Reporters know only events, so that a new one is one file and one line.
#[test]
fn a_reporter_knows_only_its_family() {
    for (folder, known) in [("report", &[][..]), ("console", &["options", "report"])] {
        for file in sources(&root().join("concurra-cli/src").join(folder)) {
            for used in uses(&code(&file)) {
                assert!(known.contains(&used.as_str()), "{} uses crate::{used}", file.display());
            }
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

/// The modules of a crate, by their paths, and what each imports.
struct Modules(BTreeMap<Vec<String>, BTreeSet<Vec<String>>>);

impl Modules {
    fn read(folder: &Path) -> Self {
        let path = |file: &Path| {
            let inside = file.strip_prefix(folder).expect("below the folder").with_extension("");
            let parts = inside.iter().map(|part| part.to_string_lossy().into_owned());
            parts.filter(|part| !["mod", "lib"].contains(&part.as_str())).collect::<Vec<_>>()
        };
        let files = sources(folder);
        let known = files.iter().map(|file| path(file)).collect::<BTreeSet<_>>();
        let module = |file: &PathBuf| {
            let own = path(file);
            let imports = imports(&code(file), &own).into_iter();
            // An item stands in the module that the longest known beginning of its path names.
            let module = |import: Vec<String>| {
                let mut beginnings =
                    (1..=import.len()).rev().map(|length| import[..length].to_vec());
                beginnings.find(|beginning| known.contains(beginning))
            };
            let imports = imports.filter_map(module).filter(|import| *import != own).collect();
            (own, imports)
        };
        // The root of the crate has no siblings.
        Self(files.iter().map(module).filter(|(own, _)| !own.is_empty()).collect())
    }

    /// Siblings that import each other, directly or by way of others.
    fn circles(&self) -> Vec<String> {
        let mut circles = Vec::new();
        for (one, other) in
            self.0.keys().flat_map(|one| self.0.keys().map(move |other| (one, other)))
        {
            let are_siblings =
                one.len() == other.len() && one[..one.len() - 1] == other[..one.len() - 1];
            if are_siblings && one < other && self.reaches(one, other) && self.reaches(other, one) {
                circles.push(format!("{} and {}", one.join("::"), other.join("::")));
            }
        }
        circles
    }

    /// Whether a module, or one in it, imports another by way of siblings.
    fn reaches(&self, from: &[String], to: &[String]) -> bool {
        let (folder, mut seen) = (&from[..from.len() - 1], BTreeSet::from([from.to_vec()]));
        let mut next = vec![from.to_vec()];
        while let Some(module) = next.pop() {
            let inside = self.0.iter().filter(|(own, _)| own.starts_with(&module));
            for import in inside.flat_map(|(_, imports)| imports) {
                let is_inside = import.len() > folder.len() && import.starts_with(folder);
                let sibling = import.iter().take(folder.len() + 1).cloned().collect::<Vec<_>>();
                if is_inside && sibling != module && seen.insert(sibling.clone()) {
                    next.push(sibling);
                }
            }
        }
        seen.contains(to)
    }
}

/// The paths that a file imports from its crate; `own` is its module.
fn imports(code: &str, own: &[String]) -> Vec<Vec<String>> {
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join(" ");
    let uses = code.split("use ").skip(1).filter_map(|rest| rest.split(';').next());
    let paths = uses.flat_map(leaves).filter_map(|path| {
        let parts = path.split("::").map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        let ups = parts.iter().take_while(|part| *part == "super").count();
        match parts.first().map(String::as_str) {
            Some("crate") => Some(parts[1..].to_vec()),
            Some("self") => Some([own, &parts[1..]].concat()),
            Some("super") => {
                Some([own.get(..own.len().checked_sub(ups)?)?, &parts[ups..]].concat())
            }
            _ => None,
        }
    });
    paths.collect()
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((begin, inside)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in inside.chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        match letter {
            ',' if depth == 0 => parts.push(String::new()),
            letter => parts.last_mut().expect("a part").push(letter),
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| leaves(part)).map(|leaf| format!("{}{leaf}", begin.trim())).collect()
}

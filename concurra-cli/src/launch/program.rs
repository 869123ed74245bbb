//! A program that cargo built: where it is, its marker, and how cargo would start it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::targets::{Kind, Target, Workspace};
use crate::marker::Marker;
use crate::os_text;
use crate::supervise::Interrupts;

/// The folder and the variables with which cargo starts a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedOver {
    /// The program as cargo names it in `dir`.
    #[serde(with = "os_text")]
    pub(crate) program: PathBuf,
    #[serde(with = "os_text")]
    pub(crate) dir: PathBuf,
    pub(crate) variables: Vec<Variable>,
}

/// The name of a variable and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Variable(pub(crate) String, #[serde(with = "os_text")] pub(crate) OsString);

/// The program that cargo built of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Program {
    pub(crate) target: Target,
    /// None when the features that the target requires are off.
    pub(crate) file: Option<PathBuf>,
    /// The file as it was when `mtrun` read its marker.
    fingerprint: Option<Fingerprint>,
    /// None when it has no runner.
    pub(crate) marker: Option<Marker>,
    /// How cargo would start it; none when only cargo itself may start it.
    pub(crate) start: Option<HandedOver>,
    /// How many tests libtest runs beside the runner.
    pub(crate) other_tests: usize,
    /// How many tests never run, as the target has `harness = false`.
    pub(crate) idle_tests: usize,
}

impl HandedOver {
    /// The program's file.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.join(&self.program)
    }

    /// The command with which cargo starts the program.
    pub(crate) fn command(&self, kind: Kind) -> Command {
        let mut command = Command::new(self.path());
        command.envs(self.variables.iter().map(|Variable(name, value)| (name, value)));
        // `cargo test` runs tests in their package, `cargo run` leaves the person's folder.
        if kind == Kind::Test {
            command.current_dir(&self.dir);
        } else if std::env::current_dir().is_ok_and(|here| here == self.dir) {
            command.arg0(&self.program);
        }
        command
    }
}

impl Program {
    /// Reads the marker of a program.
    pub(crate) fn new(target: Target, file: Option<PathBuf>, start: Option<HandedOver>) -> Self {
        // The fingerprint comes first: it then differs from that of a file that changes in between.
        let fingerprint = file.as_deref().and_then(Fingerprint::of);
        let krate = target.crate_name();
        let marker = file.as_deref().and_then(|file| Marker::find(file, &target.package, &krate));
        Self { target, file, fingerprint, marker, start, other_tests: 0, idle_tests: 0 }
    }

    /// Counts the tests that libtest lists beside the runner.
    pub(crate) fn count_other_tests(&mut self, interrupts: &Interrupts) {
        let is_harness = self.marker.as_ref().is_some_and(|marker| marker.harness);
        let Some(start) = self.start.as_ref().filter(|_| is_harness) else { return };
        let mut command = start.command(Kind::Test);
        let Ok(output) = interrupts.output(command.args(["--list", "--format=terse"])) else {
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let is_other = |line: &&str| line.ends_with(": test") && *line != "concurra: test";
        self.other_tests = text.lines().filter(is_other).count();
    }

    /// Whether it is a test target with `harness = false`.
    pub(crate) fn has_own_main(&self) -> bool {
        self.target.kind == Kind::Test && self.marker.as_ref().is_some_and(|marker| !marker.harness)
    }

    /// Whether its file is still the one whose marker `mtrun` read.
    pub(crate) fn is_unchanged(&self) -> bool {
        let Some(file) = &self.file else { return true };
        self.fingerprint.is_some() && self.fingerprint == Fingerprint::of(file)
    }

    /// The target that the marker names when that is another one.
    pub(crate) fn is_another(&self, workspace: &Workspace) -> Option<String> {
        let (target, marker) = (&self.target, self.marker.as_ref()?);
        let folder = workspace.member(target)?.manifest.parent()?;
        let [marked_package, marked_crate, marked_folder, root] = &marker.identity;
        let roots = [workspace.root.join(root), folder.join(root)];
        // An example may have the package and the crate name of a binary. `main!` may also stand in
        // a file that the root includes.
        let is_twin = |other: &Target| {
            other.package_id == target.package_id
                && other.crate_name() == target.crate_name()
                && roots.contains(&other.source)
        };
        let is_own = *marked_package == target.package
            && *marked_crate == target.crate_name()
            && is_same_folder(Path::new(marked_folder), folder)
            && (is_twin(target) || !workspace.targets.iter().any(is_twin));
        (!is_own).then(|| format!("`{root}` of `{marked_folder}`"))
    }
}

/// A link may lead to a package.
fn is_same_folder(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|o| o == one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::targets::{Member, target_of};

    fn program(kind: Kind, source: &str, marker: [&str; 4]) -> Program {
        let (version, identity) = (String::new(), marker.map(str::to_owned));
        let marker = Marker { protocol: 0, version, harness: false, identity };
        let program = Program::new(target_of(kind, "shop", source), None, None);
        Program { marker: Some(marker), ..program }
    }

    #[test]
    fn mtrun_recognises_a_program_of_another_target() {
        let targets = [
            target_of(Kind::Test, "shop", "/w/shop/tests/a.rs"),
            target_of(Kind::Bin, "shop", "/w/shop/src/bin/tour.rs"),
            target_of(Kind::Example, "shop", "/w/shop/examples/tour.rs"),
        ];
        let (id, name) = ("shop".to_owned(), "shop".to_owned());
        let members =
            vec![Member { id, name, manifest: "/w/shop/Cargo.toml".into(), is_chosen: true }];
        let workspace = Workspace {
            root: "/w".into(),
            members,
            targets: targets.to_vec(),
            libraries: Vec::new(),
        };
        let is = |marker| {
            program(Kind::Test, "/w/shop/tests/a.rs", marker).is_another(&workspace).is_none()
        };
        assert!(is(["shop", "a", "/w/shop", "shop/tests/a.rs"]));
        assert!(is(["shop", "a", "/w/shop", "tests/a.rs"]));
        assert!(is(["shop", "a", "/w/shop", "shop/tests/included.rs"]));
        assert!(!is(["mail", "a", "/w/shop", "shop/tests/a.rs"]));
        assert!(!is(["shop", "b", "/w/shop", "shop/tests/a.rs"]));
        assert!(!is(["shop", "a", "/x/shop", "shop/tests/a.rs"]));
        let tour = ["shop", "tour", "/w/shop", "shop/src/bin/tour.rs"];
        let example = program(Kind::Example, "/w/shop/examples/tour.rs", tour);
        let other = example.is_another(&workspace);
        assert_eq!(other.as_deref(), Some("`shop/src/bin/tour.rs` of `/w/shop`"));
    }
}

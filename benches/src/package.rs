//! A package with test targets of trivial tests, generated and built in the target folder.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The targets, each with the same number of trivial tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Concurra,
    Libtest,
    Mimic,
}

/// A cargo profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// How many tests each target has.
pub(crate) const TESTS: usize = 300;

/// The package's folder, written anew when it differs from what is there.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
}

impl Target {
    pub(crate) const ALL: [Self; 3] = [Self::Concurra, Self::Libtest, Self::Mimic];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Concurra => "concurra",
            Self::Libtest => "libtest",
            Self::Mimic => "mimic",
        }
    }

    fn source(self) -> String {
        let mut source = String::new();
        for number in 0..TESTS {
            // Writing to a `String` cannot fail.
            let _ = match self {
                Self::Concurra => writeln!(source, "#[concurra::task]\nfn task_{number}() {{}}"),
                Self::Libtest => writeln!(source, "#[test]\nfn test_{number}() {{}}"),
                Self::Mimic => writeln!(source, "fn test_{number}() {{}}"),
            };
        }
        source + &self.entry()
    }

    fn entry(self) -> String {
        match self {
            Self::Concurra => "concurra::main!();\n".to_owned(),
            Self::Libtest => String::new(),
            Self::Mimic => {
                let trial =
                    |number| format!("Trial::test(\"{number}\", || {{ test_{number}(); Ok(()) }})");
                let trials: Vec<_> = (0..TESTS).map(trial).collect();
                format!(
                    "use libtest_mimic::{{Arguments, Trial}};\n\
                     fn main() {{ libtest_mimic::run(&Arguments::from_args(), vec![{}]).exit() }}\n",
                    trials.join(", ")
                )
            }
        }
    }
}

impl Profile {
    pub(crate) const ALL: [Self; 2] = [Self::Release, Self::Dev];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

impl Package {
    /// Writes the package.
    pub(crate) fn write() -> Result<Self, String> {
        let folder = target_folder()?.join("concurra-benches").join("package");
        let root = workspace();
        let manifest = format!(
            "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [workspace]\n[lib]\npath = \"lib.rs\"\n\
             [dev-dependencies]\nconcurra = {{ path = {root:?} }}\nlibtest-mimic = \"0.8\"\n\
             [[test]]\nname = \"concurra\"\nharness = false\n\
             [[test]]\nname = \"mimic\"\nharness = false\n"
        );
        put(&folder.join("Cargo.toml"), &manifest)?;
        put(&folder.join("lib.rs"), "")?;
        for target in Target::ALL {
            put(&folder.join("tests").join(format!("{}.rs", target.name())), &target.source())?;
        }
        let lock = folder.join("Cargo.lock");
        if !lock.exists() {
            // The same versions as in the workspace, as far as they are the same packages.
            fs::copy(root.join("Cargo.lock"), lock).map_err(|error| error.to_string())?;
        }
        Ok(Self { folder })
    }

    /// Builds a test target and gives back its executable.
    pub(crate) fn build(&self, target: Target, profile: Profile) -> Result<PathBuf, String> {
        let arguments = ["test", "--no-run", "--test", target.name(), "--profile", profile.name()];
        cargo(&self.folder, &arguments, &["--message-format=json"], target.name())
    }
}

/// Builds `mtrun` in release.
pub(crate) fn build_mtrun() -> Result<PathBuf, String> {
    let arguments = ["build", "--release", "-p", "concurra-cli"];
    cargo(&workspace(), &arguments, &["--message-format=json"], "mtrun")
}

fn cargo(folder: &Path, what: &[&str], how: &[&str], target: &str) -> Result<PathBuf, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(what)
        .args(how)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target_folder()?)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("cargo {} failed", what.join(" ")));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let of_target = format!("\"name\":\"{target}\"");
    let executable = messages.lines().filter(|line| line.contains(&of_target)).find_map(|line| {
        let path = line.split("\"executable\":\"").nth(1)?;
        path.split('"').next().map(PathBuf::from)
    });
    executable.ok_or_else(|| format!("cargo named no executable of {target}"))
}

/// The folder in which this very program was built.
fn target_folder() -> Result<PathBuf, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let folder = program.parent().and_then(Path::parent);
    folder.map(Path::to_owned).ok_or_else(|| "this program stands in no target folder".to_owned())
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").components().collect()
}

/// Leaves a file that has this text already alone, so that cargo sees no change.
fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

//! A package with test targets of trivial tests, generated and built in the target folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{build_cost, observed};

/// The test targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// 300 trivial tests each.
    Concurra,
    Libtest,
    Mimic,
    /// As many tasks as `observed` needs.
    Many,
    /// The tasks of `Many`, run without an observer.
    Unobserved,
    /// One test each.
    One,
    OneMimic,
    OneRstest,
    /// As many tasks as `build_cost` needs.
    FourHundred,
}

/// A cargo profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The dependency that is built unless another one is asked for.
const DEFAULT: &str = "concurra";

/// Runs the registered tasks, or the one that the first argument names.
const UNOBSERVED: &str = r#"
fn main() {
    let mut selection = concurra::Selection::default();
    selection.filters.extend(std::env::args().nth(1));
    selection.exact = !selection.filters.is_empty();
    let report = concurra::registered!().workers(2).select(selection).run();
    assert!(report.is_ok_and(|report| report.is_good()));
}
"#;

/// How many tests the trivial targets have.
pub(crate) const TESTS: usize = 300;

/// The package's folder, written anew when it differs from what is there.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
}

impl Target {
    const ALL: [Self; 9] = [
        Self::Concurra,
        Self::Libtest,
        Self::Mimic,
        Self::Many,
        Self::Unobserved,
        Self::One,
        Self::OneMimic,
        Self::OneRstest,
        Self::FourHundred,
    ];

    /// The targets with 300 trivial tests.
    pub(crate) const TRIVIAL: [Self; 3] = [Self::Concurra, Self::Libtest, Self::Mimic];

    /// The targets with one test.
    pub(crate) const COLD: [Self; 3] = [Self::One, Self::OneMimic, Self::OneRstest];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Concurra => "concurra",
            Self::Libtest => "libtest",
            Self::Mimic => "mimic",
            Self::Many => "many",
            Self::Unobserved => "unobserved",
            Self::One => "one",
            Self::OneMimic => "one_mimic",
            Self::OneRstest => "one_rstest",
            Self::FourHundred => "four_hundred",
        }
    }

    /// Whether it has a `main` of its own.
    const fn has_main(self) -> bool {
        !matches!(self, Self::Libtest | Self::OneRstest)
    }

    /// The dependency that it needs: others need not be built.
    const fn library(self) -> &'static str {
        match self {
            Self::Libtest => "",
            Self::Mimic | Self::OneMimic => "libtest-mimic",
            Self::OneRstest => "rstest",
            _ => DEFAULT,
        }
    }

    const fn tests(self) -> usize {
        match self {
            Self::Concurra | Self::Libtest | Self::Mimic => TESTS,
            Self::Many | Self::Unobserved => observed::TASKS,
            Self::One | Self::OneMimic | Self::OneRstest => 1,
            Self::FourHundred => build_cost::TASKS,
        }
    }

    fn source(self) -> String {
        let attribute = match self {
            Self::Libtest => "#[test]",
            Self::Mimic | Self::OneMimic => "",
            Self::OneRstest => "#[rstest::rstest]",
            _ => "#[concurra::task]",
        };
        let test = |number| format!("{attribute} fn task_{number}() {{}}\n");
        (0..self.tests()).map(test).collect::<String>() + &self.entry()
    }

    fn entry(self) -> String {
        match self {
            Self::Libtest | Self::OneRstest => String::new(),
            Self::Mimic | Self::OneMimic => {
                let trial =
                    |number| format!("Trial::test(\"{number}\", || {{ task_{number}(); Ok(()) }})");
                let trials: Vec<_> = (0..self.tests()).map(trial).collect();
                format!(
                    "use libtest_mimic::{{Arguments, Trial}};\n\
                     fn main() {{ libtest_mimic::run(&Arguments::from_args(), vec![{}]).exit() }}\n",
                    trials.join(", ")
                )
            }
            Self::Unobserved => UNOBSERVED.to_owned(),
            _ => "concurra::main!();\n".to_owned(),
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
             [dependencies]\nconcurra = {{ path = {root:?}, optional = true }}\n\
             libtest-mimic = {{ version = \"0.8\", optional = true }}\n\
             rstest = {{ version = \"0.26\", optional = true }}\n\
             [features]\ndefault = [\"{DEFAULT}\"]\n"
        );
        let target = |target: Target| {
            let (name, harness) = (target.name(), !target.has_main());
            format!("[[test]]\nname = \"{name}\"\nharness = {harness}\n")
        };
        let targets = Target::ALL.map(target).concat();
        put(&folder.join("Cargo.toml"), &(manifest + &targets))?;
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

    /// Builds a test target and returns its executable.
    pub(crate) fn build(&self, target: Target, profile: Profile) -> Result<PathBuf, String> {
        self.build_in(&target_folder()?, target, profile, &[])
    }

    /// Builds a test target for the first time, into an empty folder. The caches with which cargo prepares the
    /// next build of a local package are left out: users have Concurra from a registry, as they have the
    /// crates that it is compared with.
    pub(crate) fn build_cold(&self, folder: &Path, target: Target) -> Result<PathBuf, String> {
        self.build_in(folder, target, Profile::Dev, &[("CARGO_INCREMENTAL", "0")])
    }

    fn build_in(
        &self,
        folder: &Path,
        target: Target,
        profile: Profile,
        variables: &[(&str, &str)],
    ) -> Result<PathBuf, String> {
        let (name, profile) = (target.name(), profile.name());
        let mut arguments = vec!["test", "--no-run", "--test", name, "--profile", profile];
        if target.library() != DEFAULT {
            arguments.extend(["--no-default-features", "--features", target.library()]);
        }
        cargo(&self.folder, folder, &arguments, name, variables)
    }

    /// Lets the next build compile the target once more.
    pub(crate) fn touch(&self, target: Target) -> Result<(), String> {
        let source = self.folder.join("tests").join(format!("{}.rs", target.name()));
        fs::write(&source, target.source())
            .map_err(|error| format!("{}: {error}", source.display()))
    }
}

/// Builds `mtrun` in release.
pub(crate) fn build_mtrun() -> Result<PathBuf, String> {
    let arguments = ["build", "--release", "-p", "concurra-cli"];
    cargo(&workspace(), &target_folder()?, &arguments, "mtrun", &[])
}

fn cargo(
    folder: &Path,
    target_folder: &Path,
    what: &[&str],
    target: &str,
    variables: &[(&str, &str)],
) -> Result<PathBuf, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(what)
        .arg("--message-format=json")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target_folder)
        .envs(variables.iter().copied())
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
pub(crate) fn target_folder() -> Result<PathBuf, String> {
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

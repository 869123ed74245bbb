//! A workspace at work: what is known of it, and what is built there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::build::{self, Built, Request, cargo_must_start, exact};
use super::cache::{Cache, number_of};
use super::cargo::{Cargo, Config, read_by_cargo};
use super::error::LaunchError;
use super::interrupts::Interrupts;
use super::program::{Program, ProgramFile};
use super::stamp::{self, Stamp};
use super::targets::{Depth, Kind, Target, Workspace};
use super::words::manifest_above;
use crate::options::CargoOptions;
use crate::report::quoted;
use crate::supervise::VERSION;

/// A workspace, or the hidden package of a scratch file.
#[derive(Debug)]
pub(crate) struct Site {
    cargo: Cargo,
    /// None when stamps cannot be kept safely.
    stamp_file: Option<PathBuf>,
    stamp: Stamp,
    /// The file that the hidden package was made for.
    pub(crate) scratch: Option<PathBuf>,
}

/// A target to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) target: Target,
    /// The options that choose its package.
    pub(crate) selection: Vec<String>,
    /// The person named it: when it cannot be built, that is an error.
    pub(crate) is_named: bool,
}

/// Where a workspace is, and where the person is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) manifest: &'a Path,
    pub(crate) base: &'a Path,
    pub(crate) cache: &'a Cache,
    pub(crate) options: &'a CargoOptions,
}

impl Site {
    /// Opens a workspace. Cargo runs where the person is, if that is inside the workspace or the
    /// person gave the manifest; else in the manifest's folder, so that its configuration counts
    /// from wherever a file of it is named.
    pub(crate) fn open(place: Place<'_>, interrupts: &Interrupts) -> Result<Self, LaunchError> {
        let Place { manifest, base, options, .. } = place;
        let folder = manifest.parent().unwrap_or(base);
        let is_given = options.manifest.is_some();
        let dir = if is_given || base.starts_with(folder) { base } else { folder };
        let mut site = Self::in_folder(place, dir, Depth::Members, interrupts)?;
        if base.starts_with(&site.stamp.workspace.root) {
            site.cargo.dir = base.to_owned();
        }
        Ok(site)
    }

    /// Opens the hidden package of a scratch file.
    pub(crate) fn open_scratch(
        place: Place<'_>,
        scratch: &Path,
        interrupts: &Interrupts,
    ) -> Result<Self, LaunchError> {
        // A dependency that cargo refuses is a mistake in the file, not in the build.
        let folder = place.manifest.parent().unwrap_or(place.base);
        let site = Self::in_folder(place, folder, Depth::Dependencies, interrupts)?;
        Ok(Self { scratch: Some(scratch.to_owned()), ..site })
    }

    fn in_folder(
        place: Place<'_>,
        dir: &Path,
        depth: Depth,
        interrupts: &Interrupts,
    ) -> Result<Self, LaunchError> {
        let Place { manifest, base, cache, options } = place;
        let cargo = Cargo::new(manifest.to_owned(), dir.to_owned(), base, options);
        let stamp_file = cache.stamp_file(&number_of(&call(&cargo, base)));
        let stamp = match stamp_file.as_deref().and_then(Stamp::load) {
            Some(stamp) => stamp,
            None => Stamp::new(Workspace::load(&cargo, depth, interrupts)?),
        };
        Ok(Self { cargo, stamp_file, stamp, scratch: None })
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.stamp.workspace
    }

    pub(crate) fn manifest(&self) -> &Path {
        &self.cargo.manifest
    }

    /// The options that choose the packages that the person chose.
    pub(crate) fn selection(&self) -> Vec<String> {
        self.cargo.selection()
    }

    /// What was built of a target.
    pub(crate) fn program(&self, target: &Target) -> Option<&Program> {
        self.stamp.program(target)
    }

    /// Builds targets, except for those that are built already.
    pub(crate) fn build(
        &mut self,
        wanted: &[Wanted],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        // Why a target that was named is off, cargo says itself.
        let is_built = |wanted: &Wanted| {
            self.program(&wanted.target)
                .is_some_and(|program| program.file.is_some() || !wanted.is_named)
        };
        if wanted.iter().all(is_built) {
            return Ok(());
        }
        self.build_again(wanted, interrupts)
    }

    /// Asks cargo for targets, whatever is known of them.
    pub(crate) fn build_again(
        &mut self,
        wanted: &[Wanted],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let config = self.cargo.config();
        for (request, targets) in requests(wanted) {
            self.ask(&config, &request, &targets, interrupts)?;
        }
        Ok(())
    }

    /// Lets cargo build. The program that it gives must be the one of the target: cargo mistakes
    /// packages of one name for each other when they share a target folder, or when a folder was
    /// moved.
    fn ask(
        &mut self,
        config: &Config,
        request: &Request,
        targets: &[Target],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let mut built = build::build(&self.cargo, config, request, interrupts)?;
        let mut programs = programs(targets, &built, config);
        if let Some((target, other)) = self.mistaken(&programs) {
            let root = target.source.display();
            eprintln!("cargo gave the program of {other} for `{root}`; building it anew");
            self.clean(interrupts)?;
            built = build::build(&self.cargo, config, request, interrupts)?;
            programs = self::programs(targets, &built, config);
        }
        if let Some((target, other)) = self.mistaken(&programs) {
            let root = target.source.clone();
            return Err(LaunchError::WrongProgram { root, other });
        }
        self.stamp.programs.retain(|old| programs.iter().all(|new| new.target != old.target));
        self.stamp.programs.extend(programs);
        self.keep(config, &built);
        Ok(())
    }

    /// A target for which cargo gave another's program, and what that is.
    fn mistaken<'p>(&self, programs: &'p [Program]) -> Option<(&'p Target, String)> {
        let workspace = &self.stamp.workspace;
        programs.iter().find_map(|program| Some((&program.target, program.is_another(workspace)?)))
    }

    /// Makes cargo forget what it built of the workspace. It never mistakes other packages, whose
    /// folders are part of what tells them apart.
    fn clean(&self, interrupts: &Interrupts) -> Result<(), LaunchError> {
        const WHERE: [&str; 6] =
            ["--release", "--profile=", "--target=", "--target-dir=", "--locked", "--offline"];
        let mut command = self.cargo.command(&[], "clean");
        let says_where = |option: &&OsString| {
            let option = option.to_string_lossy();
            WHERE.iter().any(|begin| option.starts_with(begin))
        };
        command.arg("--quiet").args(self.cargo.options.build.iter().filter(says_where));
        for member in &self.stamp.workspace.members {
            command.args(["--package", &member.id]);
        }
        let helper = interrupts.start(command.stdout(Stdio::null()));
        let status = helper.and_then(|helper| helper.wait()).map_err(LaunchError::Cargo)?;
        if status.success() { Ok(()) } else { Err(LaunchError::Build) }
    }

    /// Keeps what is known, if all that it depends on is known. Otherwise nothing is kept any more:
    /// the inputs of a later build would vouch for the programs of this one.
    fn keep(&mut self, config: &Config, built: &Built) {
        let Some(file) = self.stamp_file.take().filter(|_| !cargo_must_start(config)) else {
            return;
        };
        let inputs = stamp::collect(&self.cargo, config, &self.stamp.workspace, built);
        let inputs = inputs.filter(|inputs| inputs.are_older_than(built.started));
        if inputs.is_some_and(|inputs| self.stamp.inputs.merge(inputs)) {
            self.stamp.save(&file);
            self.stamp_file = Some(file);
        }
    }

    /// The command with which cargo itself starts a target; its arguments follow.
    pub(crate) fn command_through_cargo(&self, target: &Target) -> Command {
        let subcommand = if target.kind == Kind::Test { "test" } else { "run" };
        let mut command = self.cargo.build_command(&[], subcommand);
        let kind = format!("--{}", target.kind.as_str());
        command.args(["--quiet", "--package", &target.package_id, &kind, &target.name, "--"]);
        command
    }

    /// What a person in `base` types to run a target without `mtrun`; none for a scratch file,
    /// whose package is hidden.
    pub(crate) fn command_without_mtrun(&self, target: &Target, base: &Path) -> Option<String> {
        if self.scratch.is_some() {
            return None;
        }
        let subcommand = if target.kind == Kind::Test { "test" } else { "run" };
        let mut words: Vec<OsString> = vec!["cargo".into(), subcommand.into()];
        if manifest_above(base).as_ref() != Some(&self.cargo.manifest) {
            words.extend(["--manifest-path".into(), self.cargo.manifest.clone().into()]);
        }
        if self.stamp.workspace.members.len() > 1 {
            words.extend(["-p".into(), target.package.clone().into()]);
        }
        words.extend(self.cargo.options.build.iter().cloned());
        words.extend([format!("--{}", target.kind.as_str()).into(), target.name.clone().into()]);
        Some(words.iter().map(quoted).collect::<Vec<_>>().join(" "))
    }
}

/// What tells one call of cargo from another.
fn call(cargo: &Cargo, base: &Path) -> Vec<String> {
    let paths = [&cargo.program, &cargo.dir, &cargo.manifest, base].map(|path| format!("{path:?}"));
    let mut call = vec![VERSION.to_owned()];
    call.extend(paths);
    call.extend(cargo.options.build.iter().map(|option| format!("{option:?}")));
    call.push("packages".to_owned());
    call.extend(cargo.selection());
    call.push("variables".to_owned());
    call.extend(read_by_cargo());
    call
}

/// One request for all targets of a kind and selection, with those targets.
fn requests(wanted: &[Wanted]) -> Vec<(Request, Vec<Target>)> {
    let mut requests: Vec<(Request, Vec<Target>)> = Vec::new();
    for Wanted { target, selection, is_named } in wanted {
        let kind = target.kind;
        // `cargo run` takes one package, and other packages may change the features of this one.
        let selection =
            if kind == Kind::Test { selection.clone() } else { exact(&target.package_id) };
        let may_be_off = |other: &Wanted| {
            !other.is_named
                && other.target.kind == kind
                && !other.target.required_features.is_empty()
        };
        let is_open = !is_named && wanted.iter().any(may_be_off);
        let same = |(one, _): &(Request, _)| {
            one.kind == kind && one.selection == selection && one.is_open == is_open
        };
        let place = requests.iter().position(same).unwrap_or_else(|| {
            let names = Vec::new();
            requests.push((Request { kind, selection, names, is_open }, Vec::new()));
            requests.len() - 1
        });
        let (request, targets) = &mut requests[place];
        targets.push(target.clone());
        if !request.names.contains(&target.name) {
            request.names.push(target.name.clone());
        }
    }
    requests
}

fn programs(targets: &[Target], built: &Built, config: &Config) -> Vec<Program> {
    let program = |target: &Target| {
        let file = built.executable(target).map(|path| {
            let start = built.start(&path, target.kind, config);
            ProgramFile::new(target, path, start)
        });
        Program { target: target.clone(), file }
    };
    targets.iter().map(program).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::targets::target_of;

    fn wanted(kind: Kind, package: &str, source: &str, is_named: bool) -> Wanted {
        Wanted { target: target_of(kind, package, source), selection: Vec::new(), is_named }
    }

    #[test]
    fn a_request_for_each_kind_and_selection() {
        let requests = requests(&[
            wanted(Kind::Test, "shop", "/w/tests/orders.rs", true),
            wanted(Kind::Test, "mail", "/w/tests/orders.rs", true),
            wanted(Kind::Test, "shop", "/w/tests/stock.rs", false),
            wanted(Kind::Example, "shop", "/w/examples/tour.rs", true),
            wanted(Kind::Example, "mail", "/w/examples/tour.rs", true),
        ]);
        let request = |kind, selection, names: &[&str]| {
            let names = names.iter().map(|&name| name.to_owned()).collect();
            Request { kind, selection, names, is_open: false }
        };
        let requests = requests.into_iter().map(|(request, _)| request).collect::<Vec<_>>();
        assert_eq!(
            requests,
            [
                request(Kind::Test, Vec::new(), &["orders", "stock"]),
                request(Kind::Example, exact("shop"), &["tour"]),
                request(Kind::Example, exact("mail"), &["tour"]),
            ]
        );
    }

    #[test]
    fn what_may_be_off_and_is_not_named_is_left_to_cargo() {
        let off = |is_named| {
            let mut wanted = wanted(Kind::Test, "shop", "/w/tests/off.rs", is_named);
            wanted.target.required_features = vec!["pg".to_owned()];
            wanted
        };
        let plain = wanted(Kind::Test, "shop", "/w/tests/plain.rs", false);
        let open = |wanted: &[Wanted]| {
            requests(wanted).iter().map(|(request, _)| request.is_open).collect::<Vec<_>>()
        };
        assert_eq!(open(&[plain.clone(), off(false)]), [true]);
        assert_eq!(open(&[off(true), plain]), [false, false][..1]);
    }
}

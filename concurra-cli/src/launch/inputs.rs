//! Finds everything that a build depended on.
//!
//! `None` says that something cannot be told for certain; there is no stamp then.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Artifact, BuildScript, Package, PackageId};

use super::build::Built;
use super::cargo::Cargo;
use super::depfile::Depfile;
use super::stamp::Inputs;
use super::workspace::Workspace;

/// Configuration and toolchain files that count in a folder and in those above it.
const ABOVE: [&str; 5] =
    ["Cargo.toml", "rust-toolchain", "rust-toolchain.toml", ".cargo/config", ".cargo/config.toml"];

/// Files and folders by which cargo finds targets that no manifest names.
const LAYOUT: [&str; 6] = ["tests", "examples", "src/bin", "src/main.rs", "src/lib.rs", "build.rs"];

pub(super) fn collect(
    cargo: &Cargo,
    sysroot: &Path,
    workspace: &Workspace,
    built: &Built,
) -> Option<Inputs> {
    let mut inputs = Inputs::default();
    surroundings(cargo, &mut inputs)?;
    inputs.add(sysroot.join("bin/rustc"));
    members(workspace, &mut inputs);
    for artifact in &built.artifacts {
        if let Some(executable) = &artifact.executable {
            inputs.add_output(executable);
        }
        if is_local(&artifact.package_id) {
            inputs.add(&artifact.manifest_path);
            sources(artifact, workspace.root(), &mut inputs)?;
        }
    }
    for script in &built.scripts {
        build_script(script, &mut inputs)?;
    }
    Some(inputs)
}

/// Variables that are part of what "nothing changed" means, with their values.
///
/// What cargo sets for the programs that it runs says nothing of a build: `mtrun` itself may have
/// been started by `cargo run`.
pub(super) fn variables() -> Vec<String> {
    const READ: [&str; 5] = ["CARGO_", "RUSTFLAGS", "RUSTC", "RUSTUP_", "RUST_TARGET_PATH"];
    const SET: [&str; 8] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
        "CARGO_TERM_",
        "CARGO_MAKEFLAGS",
        "RUSTUP_TOOLCHAIN_SOURCE",
    ];
    let begins = |name: &str, with: &[&str]| with.iter().any(|begin| name.starts_with(begin));
    let all = std::env::vars_os().map(|(name, value)| {
        (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
    });
    let ours = all.filter(|(name, _)| begins(name, &READ) && !begins(name, &SET));
    let mut lines = ours.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    lines.sort_unstable();
    lines
}

/// Cargo's configuration and the toolchain.
fn surroundings(cargo: &Cargo, inputs: &mut Inputs) -> Option<()> {
    let folders = cargo.dir.ancestors().chain(cargo.manifest.parent()?.ancestors());
    for folder in folders {
        for name in ABOVE {
            inputs.add(folder.join(name));
        }
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let of_home = |variable: &str, folder: &str| {
        let set = std::env::var_os(variable).map(PathBuf::from);
        set.or_else(|| home.as_ref().map(|home| home.join(folder)))
    };
    if let Some(cargo_home) = of_home("CARGO_HOME", ".cargo") {
        inputs.add(cargo_home.join("config"));
        inputs.add(cargo_home.join("config.toml"));
    }
    if let Some(rustup) = of_home("RUSTUP_HOME", ".rustup") {
        inputs.add(rustup.join("settings.toml"));
    }
    let configs = inputs.files.iter().filter(|(path, print)| {
        print.is_some() && path.parent().is_some_and(|folder| !folder.ends_with("src")) && {
            let name = path.file_name().unwrap_or_default();
            name == "config" || name == "config.toml"
        }
    });
    // A configuration that includes others would have to be followed.
    if configs.map(|(path, _)| path).any(|path| names_others(path)) {
        return None;
    }
    Some(())
}

fn names_others(config: &Path) -> bool {
    fs::read_to_string(config)
        .is_ok_and(|text| text.lines().any(|line| line.starts_with("include")))
}

/// Where the toolchain is: an update changes the compiler there, not rustup's stand-in for it.
pub(super) fn sysroot(cargo: &Cargo) -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(rustc).args(["--print", "sysroot"]).current_dir(&cargo.dir).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim_end()))
}

fn members(workspace: &Workspace, inputs: &mut Inputs) {
    let root = workspace.root();
    inputs.add(root.join("Cargo.toml"));
    // Cargo itself writes it while it builds.
    inputs.add_output(root.join("Cargo.lock"));
    for name in ABOVE {
        inputs.add(root.join(name));
    }
    let patterns = has_patterns(&root.join("Cargo.toml"));
    for member in workspace.members() {
        layout(member, inputs);
        let above = member.manifest_path.parent().and_then(|folder| folder.parent());
        // A new folder beside a member may be a new member.
        if let Some(above) = above.filter(|_| patterns) {
            inputs.add(above);
        }
    }
}

/// Whether members are given by patterns. A false alarm only starts cargo once too often.
fn has_patterns(manifest: &Path) -> bool {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    let members = text.split("members").skip(1).filter_map(|rest| rest.split(']').next());
    members.into_iter().any(|list| list.contains(['*', '?']))
}

fn layout(member: &Package, inputs: &mut Inputs) {
    inputs.add(&member.manifest_path);
    let Some(folder) = member.manifest_path.parent() else { return };
    for name in LAYOUT {
        let path = folder.join(name).into_std_path_buf();
        // `tests/it/main.rs` is a target too, and it appears without a change of `tests`.
        let inside = fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok);
        for entry in inside.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            inputs.add(entry.path());
        }
        inputs.add(path);
    }
}

fn is_local(package: &PackageId) -> bool {
    package.repr.starts_with("path+")
}

/// The sources of a crate, from the `.d` file beside what was made of it.
fn sources(artifact: &Artifact, root: &Path, inputs: &mut Inputs) -> Option<()> {
    let files = artifact.filenames.iter().map(|file| file.as_std_path());
    let depfile = files.filter_map(depfile_of).next()?;
    let folder = artifact.manifest_path.parent()?.as_std_path();
    // The compiler runs at the workspace's root for what lies in it.
    let base = if folder.starts_with(root) { root } else { folder };
    let text = fs::read_to_string(&depfile).ok()?;
    let found = Depfile::parse(&text, base);
    if found.files.is_empty() {
        return None;
    }
    for file in found.files {
        inputs.add(&file);
        // A source that is missing now was not found by the right rule, or is already gone.
        inputs.files.get(&file).copied().flatten()?;
    }
    let given_by_cargo = |name: &str| name.starts_with("CARGO") || name == "OUT_DIR";
    for name in found.variables.iter().filter(|name| !given_by_cargo(name)) {
        inputs.add_variable(name);
    }
    Some(())
}

fn depfile_of(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?;
    let bare = ["rlib", "rmeta", "so", "dylib", "a", "exe"]
        .iter()
        .find_map(|end| name.strip_suffix(end)?.strip_suffix('.'))
        .unwrap_or(name);
    let folder = file.parent()?;
    let names = [Some(bare), bare.strip_prefix("lib")];
    let beside = names.into_iter().flatten().map(|name| folder.join(format!("{name}.d")));
    let mut beside = beside.filter(|path| path.is_file());
    beside.next().or_else(|| depfile_of_original(file))
}

/// Cargo links executables from `deps` to where people look for them; only the original has a `.d`.
fn depfile_of_original(file: &Path) -> Option<PathBuf> {
    let number = fs::metadata(file).ok()?.ino();
    let folder = file.parent()?;
    [folder.join("deps"), folder.to_owned()].iter().find_map(|folder| {
        let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
        let mut same = entries.filter(|entry| {
            entry.path() != file && entry.metadata().is_ok_and(|other| other.ino() == number)
        });
        let depfile = same.next()?.path().with_extension("d");
        depfile.is_file().then_some(depfile)
    })
}

/// What a build script asked to be watched for.
fn build_script(script: &BuildScript, inputs: &mut Inputs) -> Option<()> {
    let output = script.out_dir.parent()?.join("output");
    let text = fs::read_to_string(output).ok()?;
    let local = is_local(&script.package_id);
    let mut asked = false;
    for line in text.lines() {
        let Some((key, value)) = instruction(line) else { continue };
        match key {
            "rerun-if-env-changed" => inputs.add_variable(value),
            "rerun-if-changed" if local => {
                let path = local_folder(&script.package_id)?.join(value);
                // A folder is watched with all that is in it, which a print of it cannot tell.
                (!path.is_dir()).then_some(())?;
                inputs.add(path);
            }
            "rerun-if-changed" => {}
            _ => continue,
        }
        asked = true;
    }
    // A script of a package that may change, and that asked for nothing, depends on everything.
    (asked || !local).then_some(())
}

/// `cargo:KEY=VALUE` or `cargo::KEY=VALUE`.
fn instruction(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("cargo:")?;
    rest.strip_prefix(':').unwrap_or(rest).split_once('=')
}

/// The folder in `path+file:///folder#name@version`.
fn local_folder(package: &PackageId) -> Option<PathBuf> {
    let url = package.repr.strip_prefix("path+file://")?;
    Some(PathBuf::from(url.split('#').next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_in_both_forms() {
        let watch = Some(("rerun-if-changed", "a b"));
        assert_eq!(instruction("cargo:rerun-if-changed=a b"), watch);
        assert_eq!(instruction("cargo::rerun-if-changed=a b"), watch);
        assert_eq!(instruction("hello"), None);
    }

    #[test]
    fn the_depfile_of_each_kind_of_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let deps = folder.join("deps");
        fs::create_dir(&deps).expect("a folder");
        for name in
            ["deps/shop-1.d", "deps/orders-2.d", "deps/orders-2", "deps/tool-3.d", "deps/tool-3"]
        {
            fs::write(folder.join(name), "").expect("a file");
        }
        fs::hard_link(deps.join("tool-3"), folder.join("tool")).expect("a link");
        let depfile = |name: &str| depfile_of(&folder.join(name));
        assert_eq!(depfile("deps/libshop-1.rmeta"), Some(deps.join("shop-1.d")));
        assert_eq!(depfile("deps/orders-2"), Some(deps.join("orders-2.d")));
        assert_eq!(depfile("tool"), Some(deps.join("tool-3.d")));
        assert_eq!(depfile("deps/none-4"), None);
    }
}

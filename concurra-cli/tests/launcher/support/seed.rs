//! A target folder with builds of the dependencies of every package.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::call::Call;
use super::{Ran, root, scratch_folder};

/// Copies the dependencies of every package, built with these variables, into a folder.
///
/// Each test has a separate target folder, so that equal names do not meet and no test waits for
/// another. The copy consists of hard links where possible.
pub(crate) fn copy_to(target: &Path, variables: &[(&str, &str)]) {
    copy(&seed(variables), target).expect("a copy of the target folder");
}

/// The folder with the original, built once and never changed: the copies share its files.
fn seed(variables: &[(&str, &str)]) -> PathBuf {
    static BUILT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut hasher = DefaultHasher::new();
    variables.hash(&mut hasher);
    let target = scratch_folder().join(format!("launcher/seed-{:016x}", hasher.finish()));
    // Another test that needs the folder waits until it is built.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.contains(&target) {
        build(&target, variables);
        built.insert(target.clone());
    }
    target
}

fn build(target: &Path, variables: &[(&str, &str)]) {
    let package = scratch_folder().join("launcher/seed-package");
    fs::create_dir_all(package.join("tests")).expect("a folder");
    let manifest = super::place::manifest("seed", "[workspace]\n");
    // An old time stays, or cargo would build it anew.
    let write = |name: &str, text: &str| {
        let path = package.join(name);
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).expect("a file");
        }
    };
    write("Cargo.toml", &manifest);
    write("tests/seed.rs", "#[concurra::task] fn seed() {} concurra::main!();");
    fs::copy(root().join("Cargo.lock"), package.join("Cargo.lock")).expect("a lock file");
    let mut call = Call::new("cargo".as_ref(), &package).env("CARGO_TARGET_DIR", target);
    // The first build may have to fetch the packages in the lock file.
    call = call.without("CARGO_NET_OFFLINE");
    for (name, value) in variables {
        call = call.env(name, value);
    }
    Ran::of(call.command.args(["test", "--no-run"])).exits(0);
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            self::copy(&source, &copy)?;
        } else if copy.exists() {
            // It came with an earlier copy.
            // Two folders with one lock would wait for each other.
        } else if entry.file_name() != ".cargo-lock" && fs::hard_link(&source, &copy).is_err() {
            fs::copy(&source, &copy)?;
            let time = fs::metadata(&source)?.modified()?;
            fs::File::options().write(true).open(&copy)?.set_modified(time)?;
        }
    }
    Ok(())
}

//! The cache only saves time. Without a usable folder runs go on, and files that another user may have
//! written decide nothing.

mod folders;
mod of_another_user;
mod unusable;

use std::fs;
use std::path::PathBuf;

use crate::support::{Call, Place, task};

/// The number of a user who is not the one that runs the tests.
const OTHER: u32 = 65534;

/// Two texts of one length, so that a source changes without a change of its size.
const FORGED: &str = "«forged»";
const HONEST: &str = "«honest»";

const SOURCE: &str = "tests/flow.rs";

fn shop(name: &str) -> Place {
    let place = Place::new(name);
    place.root_package("shop", "");
    place.write(SOURCE, &task("runs", HONEST));
    place.write("job/job.rs", "#!/usr/bin/env mtrun\n#[concurra::task] fn job() {}\n");
    place
}

/// Takes every folder of the user from a call. Variables name the folders of cargo.
fn homeless(place: &Place, call: Call) -> Call {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let folder = |variable: &str, name: &str| {
        std::env::var_os(variable).map_or_else(|| home.join(name), PathBuf::from)
    };
    let call = call.without("HOME").without("XDG_CACHE_HOME");
    let call = call.env("CARGO_HOME", folder("CARGO_HOME", ".cargo"));
    call.env("RUSTUP_HOME", folder("RUSTUP_HOME", ".rustup")).env("TMPDIR", temporary(place))
}

/// A temporary folder of the test's own.
fn temporary(place: &Place) -> PathBuf {
    let folder = place.cache().with_file_name("temporary");
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The folders that `mtrun` keeps in the temporary folder after its call.
fn kept(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(temporary(place)).expect("a folder").flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("concurra"));
    ours.map(|entry| entry.path()).collect()
}

fn is_root() -> bool {
    // SAFETY: geteuid(2) reads and writes no memory of ours.
    unsafe { libc::geteuid() == 0 }
}

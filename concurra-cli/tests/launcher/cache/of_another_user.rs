//! A folder that others may have written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};
use std::path::Path;

use super::{FORGED, HONEST, OTHER, SOURCE, homeless, is_root, kept, shop};
use crate::support::{Place, task};

/// Keeps a stamp of an old program where one without a home has its cache, changes it with
/// `tamper`, and lets the sources look unchanged: the old program must not run.
#[track_caller]
fn decides_nothing(name: &str, tamper: impl Fn(&Path)) {
    let place = shop(name);
    place.write(SOURCE, &task("runs", FORGED));
    // A file that changed while cargo ran prevents a stamp.
    for _ in 0..2 {
        homeless(&place, place.mtrun(&[])).exits(0).prints(&[FORGED]);
    }
    let time = fs::metadata(place.path(SOURCE)).and_then(|found| found.modified());
    kept(&place).iter().for_each(|folder| tamper(folder));
    place.write(SOURCE, &task("runs", HONEST));
    let source = fs::File::options().append(true).open(place.path(SOURCE)).expect("a file");
    source.set_modified(time.expect("a time")).expect("a time");
    // Cargo itself must build anew when `mtrun` calls it.
    forget(&place);
    for words in [&[][..], &["flow"], &["tests/flow.rs"]] {
        homeless(&place, place.mtrun(words)).exits(0).prints(&[HONEST]).lacks(FORGED);
    }
}

/// Removes cargo's records of the package, but not the program.
fn forget(place: &Place) {
    let prints = place.target().join("debug/.fingerprint");
    for entry in fs::read_dir(prints).expect("a folder").flatten() {
        if entry.file_name().to_string_lossy().starts_with("shop-") {
            fs::remove_dir_all(entry.path()).expect("removed");
        }
    }
}

fn give_away(path: &Path) {
    lchown(path, Some(OTHER), Some(OTHER)).expect("the superuser may");
    if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            give_away(&entry.path());
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn a_folder_decides_nothing() {
    if !is_root() {
        println!("only the superuser can give a folder away");
        return;
    }
    decides_nothing("forged-owner", give_away);
    decides_nothing("forged-owner-open", |folder| {
        give_away(folder);
        set_mode(folder, 0o777);
    });
    // Only the folder itself: its owner may replace the files in it.
    decides_nothing("forged-top", |folder| {
        chown(folder, Some(OTHER), Some(OTHER)).expect("the superuser may");
    });
}

#[test]
fn a_link_decides_nothing() {
    let moved = |folder: &Path| {
        let real = folder.with_file_name("elsewhere");
        fs::rename(folder, &real).expect("a move");
        symlink(&real, folder).expect("a link");
        real
    };
    decides_nothing("forged-link", |folder| drop(moved(folder)));
    if is_root() {
        decides_nothing("forged-link-owner", |folder| {
            give_away(&moved(folder));
            give_away(folder);
        });
        decides_nothing("forged-link-to-own", |folder| {
            moved(folder);
            give_away(folder);
        });
    }
}

#[test]
fn a_folder_that_others_may_write_to_decides_nothing() {
    for mode in [0o777, 0o770, 0o1777] {
        decides_nothing(&format!("forged-mode-{mode:o}"), |folder| set_mode(folder, mode));
    }
    decides_nothing("forged-mode-inside", |folder| set_mode(&folder.join("stamps"), 0o777));
}

#[test]
fn a_folder_that_is_there_first_is_not_used() {
    if !is_root() {
        println!("only the superuser can give a folder away");
        return;
    }
    let place = shop("forged-first");
    homeless(&place, place.mtrun(&[])).exits(0);
    homeless(&place, place.mtrun(&["job/job.rs"])).exits(0);
    let folders = kept(&place);
    for folder in &folders {
        fs::remove_dir_all(folder).expect("removed");
        fs::create_dir(folder).expect("a folder");
        set_mode(folder, 0o777);
        give_away(folder);
    }
    for _ in 0..2 {
        homeless(&place, place.mtrun(&[])).exits(0).prints(&[HONEST]);
    }
    if !folders.is_empty() {
        let ran = homeless(&place, place.mtrun(&["job/job.rs"])).run().ended("");
        assert_ne!(ran.code, Some(0), "{}", ran.err);
        ran.complains("error: ");
    }
    for folder in &folders {
        let inside = fs::read_dir(folder).expect("a folder").count();
        assert_eq!(inside, 0, "mtrun wrote into {}", folder.display());
    }
}

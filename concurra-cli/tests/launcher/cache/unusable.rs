//! A cache folder that `mtrun` cannot use.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;

use super::{HONEST, SOURCE, shop};
use crate::support::{Call, Place, task};

/// `mtrun` runs the right programs of packages, and refuses a scratch file.
#[track_caller]
fn is_done_without(place: &Place, set: impl Fn(Call) -> Call) {
    for text in [HONEST, "«edited»"] {
        place.write(SOURCE, &task("runs", text));
        for words in [&[][..], &["flow"], &["tests/flow.rs::runs"]] {
            let ran = set(place.mtrun(words)).exits(0).ended("PASS runs").prints(&[text]);
            ran.lacks("error");
        }
    }
    let ran = set(place.mtrun(&["job/job.rs"])).run().ended("");
    assert_ne!(ran.code, Some(0), "{}", ran.err);
    ran.complains("error: ").complains("XDG_CACHE_HOME");
}

#[test]
fn as_a_file_is_in_its_place() {
    let place = shop("unusable-file");
    let file = place.cache().with_file_name("file");
    fs::write(&file, "").expect("a file");
    is_done_without(&place, |call| call.env("XDG_CACHE_HOME", &file));
    is_done_without(&place, |call| call.env("XDG_CACHE_HOME", file.join("below")));
    fs::create_dir_all(place.cache()).expect("a folder");
    fs::write(place.cache().join("concurra"), "").expect("a file");
    is_done_without(&place, |call| call);
}

#[test]
fn as_a_link_leads_nowhere() {
    let place = shop("unusable-nowhere");
    fs::create_dir_all(place.cache()).expect("a folder");
    symlink("/nowhere/at/all", place.cache().join("concurra")).expect("a link");
    is_done_without(&place, |call| call);
}

#[test]
fn as_the_system_has_no_such_folders() {
    let place = shop("unusable-proc");
    is_done_without(&place, |call| call.env("XDG_CACHE_HOME", "/proc/self"));
}

/// Nobody may write anything, not even the superuser.
fn read_only(mut call: Call) -> Call {
    const OVERRIDE: libc::c_ulong = 1;
    // SAFETY: prctl(2) with these arguments touches no memory and is safe between fork and exec.
    unsafe {
        call.command.pre_exec(|| {
            // Who may not drop the capability does not have it.
            let _ = libc::prctl(libc::PR_CAPBSET_DROP, OVERRIDE, 0, 0, 0);
            Ok(())
        });
    }
    call
}

fn set_modes(folder: &Path, mode: u32) {
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    };
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            set_modes(&path, mode);
        } else if kind.is_file() {
            set(&path, mode & 0o666);
        }
    }
    set(folder, mode);
}

#[test]
fn as_it_is_read_only_and_empty() {
    let place = shop("unusable-empty");
    fs::create_dir_all(place.cache()).expect("a folder");
    set_modes(&place.cache(), 0o555);
    is_done_without(&place, read_only);
    set_modes(&place.cache(), 0o755);
}

#[test]
fn as_it_is_read_only_and_full() {
    let place = shop("unusable-full");
    place.mtrun(&[]).exits(0);
    place.mtrun(&["flow"]).exits(0);
    set_modes(&place.cache(), 0o555);
    for text in [HONEST, "«edited»", HONEST] {
        place.write(SOURCE, &task("runs", text));
        for _ in 0..2 {
            read_only(place.mtrun(&[])).exits(0).prints(&[text]);
        }
    }
    set_modes(&place.cache(), 0o755);
}

#[test]
fn as_its_files_are_not_stamps() {
    let place = shop("unusable-garbage");
    place.mtrun(&[]).exits(0);
    let garble = |folder: &Path, bytes: &[u8]| garble_all(folder, bytes);
    for bytes in [&b""[..], b"{", b"\0\xff\xfe", b"{}", b"[]", b"null"] {
        garble(&place.cache().join("concurra"), bytes);
        place.mtrun(&[]).exits(0).ended("PASS runs").prints(&[HONEST]);
    }
}

fn garble_all(folder: &Path, bytes: &[u8]) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.file_type().expect("a kind").is_dir() {
            true => garble_all(&entry.path(), bytes),
            false => fs::write(entry.path(), bytes).expect("a file"),
        }
    }
}

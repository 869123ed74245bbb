//! Where the cache is.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use super::{HONEST, SOURCE, homeless, kept, shop, temporary};
use crate::support::{Call, CountingCargo, Place, task};

/// Runs twice with an edit between; `mtrun` writes nothing to the current folder.
#[track_caller]
fn works(place: &Place, set: impl Fn(Call) -> Call) {
    let before = entries(place);
    for text in [HONEST, "«edited»", HONEST] {
        place.write(SOURCE, &task("runs", text));
        for _ in 0..2 {
            set(place.mtrun(&[])).exits(0).ended("PASS runs").prints(&[text]);
        }
    }
    set(place.mtrun(&["job/job.rs"])).exits(0).ended("PASS job");
    assert_eq!(entries(place), before, "the files in the current folder");
}

fn entries(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.folder()).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names = names.collect::<Vec<_>>();
    names.sort();
    names
}

#[test]
fn without_any() {
    let place = shop("cache-none");
    works(&place, |call| homeless(&place, call));
    for folder in kept(&place) {
        let found = fs::symlink_metadata(&folder).expect("a folder");
        assert!(found.is_dir() && found.mode() & 0o077 == 0, "others may enter {folder:?}");
    }
}

#[test]
fn that_are_relative_or_empty_do_not_count() {
    let place = shop("cache-relative");
    let home = place.cache().with_file_name("home");
    fs::create_dir_all(&home).expect("a folder");
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let real = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let cargo = cargo.unwrap_or_else(|| real.join(".cargo"));
    let with = |call: Call, home: &Path, set: &str| {
        let call = call.env("HOME", home).env("XDG_CACHE_HOME", set);
        call.env("CARGO_HOME", &cargo).env("TMPDIR", temporary(&place))
    };
    for set in ["relative", "./relative", ""] {
        works(&place, |call| with(call, &home, set));
        assert!(home.join(".cache/concurra").is_dir(), "the home was not used for {set:?}");
    }
    for home in ["", "relative", "."] {
        works(&place, |call| with(call, Path::new(home), ""));
        works(&place, |call| with(call, Path::new(home), "").without("XDG_CACHE_HOME"));
    }
}

#[test]
fn with_odd_names_are_used() {
    let place = shop("cache-odd");
    for name in ["two words", "bücher", "a%20b", "it's"] {
        let set = place.cache().join(name);
        works(&place, |call| call.env("XDG_CACHE_HOME", &set));
        assert!(set.join("concurra").is_dir(), "{set:?}");
    }
}

#[test]
fn behind_a_link_are_used() {
    let place = shop("cache-link");
    let real = place.cache().with_file_name("real");
    fs::create_dir_all(&real).expect("a folder");
    symlink(&real, place.cache()).expect("a link");
    works(&place, |call| call);
    let cargo = CountingCargo::new(&place);
    cargo.serve(place.mtrun(&[])).exits(0);
    cargo.calls();
    cargo.serve(place.mtrun(&[])).exits(0).prints(&[HONEST]);
    assert_eq!(cargo.calls(), [""; 0], "the stamp was not used");
}

/// Cargo reads configuration in each folder above the one where it runs, also in one that anybody
/// may write.
#[test]
fn below_a_shared_folder_obey_no_configuration_there() {
    let place = shop("cache-shared");
    let text = "#!/usr/bin/env mtrun\n#[concurra::task]\n\
                fn job() { println!(\"«{:?}»\", std::env::var_os(\"PLANTED\")); }\n";
    place.write("job/job.rs", text);
    let planted = temporary(&place).join(".cargo");
    fs::create_dir_all(&planted).expect("a folder");
    let config = "[env]\nPLANTED = 'yes'\n[build]\nrustc-wrapper = '/planted/wrapper'\n";
    fs::write(planted.join("config.toml"), config).expect("a file");
    for _ in 0..2 {
        homeless(&place, place.mtrun(&["job/job.rs"])).exits(0).prints(&["«None»"]);
    }
}

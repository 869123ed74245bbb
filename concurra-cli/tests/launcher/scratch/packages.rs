//! Scratch files and packages around them.

use super::{dependency, uses};
use crate::support::{Place, script, task};

/// In a package such a comment is one like any other.
#[test]
fn with_a_comment_like_a_dependency_line_keep_their_files() {
    let place = Place::new("scratch-inside");
    place.root_package("shop", "");
    let inside = "// heading\nfn other() {}\n//# nothing = \"9999\"\n//#[derive(Debug)]\n";
    place.write("src/lib.rs", &format!("pub mod part;\n{inside}"));
    place.write("src/part.rs", &format!("{inside}#[concurra::task] fn deploys() {{}}\n"));
    place.write("tests/flow.rs", &format!("{inside}{}", task("flows", "«flow»")));
    place.mtrun(&["tests/flow.rs"]).exits(0).ended("PASS flows");
    for file in ["src/lib.rs", "src/part.rs"] {
        place.mtrun(&[file]).exits(94).ended("").complains("part of a library");
    }
    place.write("notes/aside.rs", &format!("{inside}{}", task("aside", "aside")));
    place.mtrun(&["notes/aside.rs"]).exits(94).ended("");
}

#[test]
fn may_hold_scratch_files_that_begin_as_scripts() {
    let place = Place::new("scratch-aside");
    place.root_package("shop", "");
    place.write("src/lib.rs", "");
    dependency(&place, "dep", "«dep»");
    place.write("aside.rs", &uses("//# dep = { path = \"dep\" }"));
    place.mtrun(&["aside.rs"]).exits(0).prints(&["«dep»"]);
    place.write("bang.rs", &format!("#!/usr/bin/env mtrun\n{}", task("one", "«one»")));
    place.mtrun(&["bang.rs"]).exits(0).prints(&["«one»"]);
    // An inner attribute is not a `#!` line.
    let attribute = format!("#![allow(dead_code)]\n{}", task("one", "«one»"));
    place.write("attribute.rs", &attribute);
    place.mtrun(&["attribute.rs"]).exits(94).ended("");
}

#[test]
fn around_a_scratch_file_do_not_configure_it() {
    let place = Place::new("scratch-configured");
    // A runner that fails, configured for the folder.
    script(&place.path("run"), "exit 7");
    let text = format!("[target.'cfg(unix)']\nrunner = {:?}\n", place.path("run"));
    place.write("sub/.cargo/config.toml", &text);
    place.write("job.rs", &task("one", "«one»"));
    place.mtrun(&["job.rs"]).exits(0).prints(&["«one»"]);
}

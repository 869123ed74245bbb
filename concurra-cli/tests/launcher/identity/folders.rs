//! Project folders that were moved or copied together with their target folders.

use std::fs;
use std::process::Command;

use super::{TEXTS, prints_only};
use crate::support::{Place, task};

/// A package that builds in its own folder, with builds of its dependencies.
fn project(name: &str) -> Place {
    let place = Place::bare(name);
    place.package("shop", "");
    place.write("shop/tests/flow.rs", &task("runs", TEXTS[0]));
    place.write("shop/examples/demo.rs", &task("runs", TEXTS[0]));
    place.built(&place.path("shop/target"));
    place
}

#[track_caller]
fn runs(place: &Place, folder: &str, text: &str) {
    for word in ["flow", "demo", "flow"] {
        let ran = place.mtrun(&[word]).without("CARGO_TARGET_DIR").from(folder).run();
        prints_only(ran, text);
    }
    for file in ["tests/flow.rs", "examples/demo.rs"] {
        let file = format!("{folder}/{file}");
        prints_only(place.mtrun(&[&file]).without("CARGO_TARGET_DIR").run(), text);
    }
}

fn edit(place: &Place, folder: &str, text: &str) {
    for file in ["tests/flow.rs", "examples/demo.rs"] {
        place.write(&format!("{folder}/{file}"), &task("runs", text));
    }
}

fn copy(place: &Place, from: &str, to: &str) {
    let copied = Command::new("cp").arg("-a").arg(place.path(from)).arg(place.path(to)).status();
    assert!(copied.expect("cp").success());
}

#[test]
fn that_were_moved() {
    let place = project("folders-moved");
    runs(&place, "shop", TEXTS[0]);
    fs::rename(place.path("shop"), place.path("moved")).expect("a move");
    runs(&place, "moved", TEXTS[0]);
    edit(&place, "moved", TEXTS[1]);
    runs(&place, "moved", TEXTS[1]);
}

#[test]
fn that_were_moved_and_others_put_there() {
    let place = project("folders-replaced");
    runs(&place, "shop", TEXTS[0]);
    copy(&place, "shop", "other");
    edit(&place, "other", TEXTS[1]);
    runs(&place, "other", TEXTS[1]);
    for (away, text) in [("away", TEXTS[1]), ("again", TEXTS[0])] {
        fs::rename(place.path("shop"), place.path(away)).expect("a move");
        fs::rename(place.path("other"), place.path("shop")).expect("a move");
        fs::rename(place.path(away), place.path("other")).expect("a move");
        runs(&place, "shop", text);
    }
}

#[test]
fn that_were_copied() {
    let place = project("folders-copied");
    runs(&place, "shop", TEXTS[0]);
    copy(&place, "shop", "copy");
    runs(&place, "copy", TEXTS[0]);
    edit(&place, "copy", TEXTS[1]);
    runs(&place, "copy", TEXTS[1]);
    runs(&place, "shop", TEXTS[0]);
    edit(&place, "shop", TEXTS[2]);
    runs(&place, "shop", TEXTS[2]);
    runs(&place, "copy", TEXTS[1]);
}

#[test]
fn that_were_copied_before_anything_ran_there() {
    let place = project("folders-fresh");
    runs(&place, "shop", TEXTS[0]);
    copy(&place, "shop", "copy");
    edit(&place, "shop", TEXTS[1]);
    runs(&place, "copy", TEXTS[0]);
    fs::remove_dir_all(place.path("shop")).expect("removed");
    runs(&place, "copy", TEXTS[0]);
}

/// Cargo counts from the current folder, and replaces the templates of its own folders.
#[test]
fn with_templates_of_cargo_are_those_of_cargo() {
    let place = Place::new("folders-template");
    place.package("shop", "");
    place.write("shop/tests/flow.rs", &task("runs", TEXTS[0]));
    let template = "{workspace-root}/inside";
    let ran = place.mtrun(&["shop/tests/flow.rs"]).env("CARGO_BUILD_BUILD_DIR", template).run();
    prints_only(ran, TEXTS[0]);
    assert!(place.path("shop/inside/debug").is_dir());
    assert!(!place.path("{workspace-root}").exists());
}

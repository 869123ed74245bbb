//! Members of a workspace with targets of equal names.

use super::{TEXTS, headings_fit, prints_only};
use crate::support::{Place, task};

const EXAMPLES: [&str; 2] = ["a/examples/basic.rs", "b/examples/basic.rs"];
const BINARIES: [&str; 2] = ["a/src/bin/tool.rs", "b/src/bin/tool.rs"];

/// Two members with examples, binaries and tests of equal names.
fn workspace(name: &str) -> Place {
    let place = Place::new(name);
    place.workspace("", "members = [\"a\", \"b\"]");
    for (member, text) in [("a", TEXTS[0]), ("b", TEXTS[1])] {
        place.member(member, "");
        for file in ["examples/basic.rs", "src/bin/tool.rs", "tests/flow.rs"] {
            place.write(&format!("{member}/{file}"), &task("runs", text));
        }
    }
    place
}

#[track_caller]
fn alone(place: &Place, files: [&str; 2]) {
    for turn in [0, 1, 0, 0, 1, 1, 0] {
        prints_only(place.mtrun(&[files[turn]]).run(), TEXTS[turn]);
    }
}

#[track_caller]
fn together(place: &Place, files: [&str; 2]) {
    for order in [[0, 1], [1, 0], [1, 0], [0, 1]] {
        let ran = place.mtrun(&order.map(|turn| files[turn])).run();
        headings_fit(&ran, &order.map(|turn| (files[turn], TEXTS[turn])));
    }
}

#[test]
fn with_examples_of_one_name_one_after_the_other() {
    alone(&workspace("members-examples"), EXAMPLES);
}

#[test]
fn with_examples_of_one_name_together() {
    let place = workspace("members-examples-together");
    together(&place, EXAMPLES);
    alone(&place, EXAMPLES);
    together(&place, EXAMPLES);
}

#[test]
fn with_binaries_of_one_name_one_after_the_other() {
    alone(&workspace("members-binaries"), BINARIES);
}

#[test]
fn with_binaries_of_one_name_together() {
    let place = workspace("members-binaries-together");
    together(&place, BINARIES);
    alone(&place, BINARIES);
    together(&place, BINARIES);
}

#[test]
fn with_all_of_one_kind() {
    let place = workspace("members-kinds");
    for (option, files) in [("--examples", EXAMPLES), ("--bins", BINARIES)] {
        for _ in 0..2 {
            let ran = place.mtrun(&[option]).run();
            headings_fit(&ran, &[(files[0], TEXTS[0]), (files[1], TEXTS[1])]);
        }
    }
}

#[test]
fn with_one_name_for_both() {
    let place = workspace("members-name");
    for (name, files) in [("basic", EXAMPLES), ("tool", BINARIES)] {
        for _ in 0..2 {
            let ran = place.mtrun(&[name]).run();
            headings_fit(&ran, &[(files[0], TEXTS[0]), (files[1], TEXTS[1])]);
        }
        prints_only(place.mtrun(&[name, "-p", "b"]).run(), TEXTS[1]);
        prints_only(place.mtrun(&[name, "-p", "a"]).run(), TEXTS[0]);
    }
}

#[test]
fn with_tests_of_one_name() {
    let place = workspace("members-tests");
    let files = ["a/tests/flow.rs", "b/tests/flow.rs"];
    alone(&place, files);
    let ran = place.mtrun(&files).exits(0);
    headings_fit(&ran, &[(files[0], TEXTS[0]), (files[1], TEXTS[1])]);
}

#[test]
fn of_which_cargo_built_one_meanwhile() {
    let place = workspace("members-meanwhile");
    for turn in [0, 1, 0, 1] {
        prints_only(place.mtrun(&[EXAMPLES[turn]]).run(), TEXTS[turn]);
        let other = ["b", "a"][turn];
        place.cargo(&["build", "-p", other, "--example", "basic"]).exits(0);
    }
}

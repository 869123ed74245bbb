//! `registered!()` in a program of several crates, three of which have one name.

use crate::support::cargo;

#[test]
fn tests_see_the_tasks_of_their_crate_and_what_it_takes_in() {
    cargo("crates", &["test", "--workspace"]).exits(0);
}

#[test]
fn a_binary_its_library_and_a_dependency_have_separate_tasks() {
    cargo("crates", &["run", "--quiet"]).exits(0).has(&[
        "here: release",
        "library: carriers::ship, stock, setup carriers::pack",
        "tools: deploy",
        "all: carriers::ship, shop::stock, tools::deploy, release, setup carriers::pack",
    ]);
}

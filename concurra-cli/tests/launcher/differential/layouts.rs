//! The workspaces of the table.

use std::fmt::Write;
use std::path::Path;

use crate::support::{Place, manifest};

/// A target with the runner, whose task writes down its surroundings.
pub(super) fn probe() -> String {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/launcher/differential/probe.rs");
    format!("include!({text:?});\nconcurra::main!();\n")
}

/// A target with the runner, whose task writes down its surroundings and fails.
pub(super) fn failing() -> String {
    format!("#[concurra::task] fn fails() {{ panic!(\"on purpose\") }}\n{}", probe())
}

/// The lines of a manifest for test targets that need no harness of libtest.
pub(super) fn tests(names: &[&str]) -> String {
    names.iter().fold(String::new(), |mut lines, name| {
        let _ = write!(lines, "[[test]]\nname = {name:?}\nharness = false\n");
        lines
    })
}

/// A member with one test target that has the runner.
fn shop(place: &Place, folder: &str, test: &str) {
    place.member(folder, &tests(&[test]));
    place.write(&format!("{folder}/tests/{test}.rs"), &probe());
}

/// A package by itself, in which one target lacks `harness = false`.
pub(super) fn plain(place: &Place) {
    plain_in(place, "plain");
}

/// The same in any folder.
pub(super) fn plain_in(place: &Place, folder: &str) {
    place.package(folder, &tests(&["first"]));
    // The folder's name may be none that a package can have.
    let manifest = format!("{folder}/Cargo.toml");
    let name = format!("name = {:?}", Path::new(folder).file_name().expect("a name"));
    place.write(&manifest, &place.read(&manifest).replace(&name, "name = \"plain\""));
    place.write(&format!("{folder}/tests/first.rs"), &probe());
    place.write(&format!("{folder}/tests/second.rs"), &probe());
}

/// Two members below a root without a package.
pub(super) fn shops(place: &Place) {
    shops_with(place, "");
}

/// The same with more lines behind `[workspace]`.
pub(super) fn shops_with(place: &Place, more: &str) {
    place.workspace("", &format!("members = [\"shop\", \"mail\"]\n{more}"));
    shop(place, "shop", "orders");
    shop(place, "mail", "letters");
}

/// One of the two members is the default.
pub(super) fn shops_with_a_default(place: &Place) {
    shops_with(place, "default-members = [\"mail\"]");
}

/// A package with a member inside, and a member of that.
pub(super) fn nested(place: &Place) {
    nested_with(place, "");
}

/// The same, where both the package and the member are defaults.
pub(super) fn nested_with_defaults(place: &Place) {
    nested_with(place, "default-members = [\".\", \"outer/inner\"]");
}

fn nested_with(place: &Place, more: &str) {
    let members = format!("[workspace]\nmembers = [\"outer/inner\", \"outer\"]\n{more}\n");
    place.write("Cargo.toml", &manifest("top", &(tests(&["top_test"]) + &members)));
    place.lock("");
    place.write("tests/top_test.rs", &probe());
    shop(place, "outer", "outer_test");
    shop(place, "outer/inner", "inner_test");
}

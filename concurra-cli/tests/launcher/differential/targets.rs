//! Which targets of a package count.

use super::layouts::{failing, plain, probe, tests};
use super::row::{calls, test};
use super::rows;
use crate::support::Place;

const EXTRA: &str = "has_features::always has_features::needs";

rows! {
    two_tests_of_one_file: one_file, test("") => "one_file::left one_file::right";
    the_first_of_two_tests_of_one_file: one_file, calls("left", &["test --test left"])
        => "one_file::left";
    the_second_of_two_tests_of_one_file: one_file, calls("right", &["test --test right"])
        => "one_file::right";
    two_examples_of_one_file: one_file, calls("--examples", &["run --example here", "run --example there"])
        => "one_file::here one_file::there";
    the_second_of_two_examples_of_one_file: one_file, calls("there", &["run --example there"])
        => "one_file::there";

    a_test_that_is_switched_off: quiet, test("") => "quiet::loud";
    a_test_that_is_switched_off_but_named: quiet, calls("silent", &["test --test silent"])
        => "quiet::silent";
    a_test_that_is_switched_off_but_named_by_file:
        quiet, calls("tests/silent.rs", &["test --test silent"]) => "quiet::silent";
    tests_that_no_manifest_names_are_switched_off: no_autotests, test("") => "no_autotests::named";
    a_test_elsewhere: no_autotests, calls("checks/odd.rs", &["test --test named"])
        => "no_autotests::named";
    a_test_in_a_separate_folder: folders, test("") => "folders::it folders::my_test";
    a_test_with_a_dash: folders, calls("my-test", &["test --test my-test"]) => "folders::my_test";
    an_example_is_not_a_test: programs, test("") => "programs::checks";

    features_that_are_off: features, test("") => "has_features::always";
    features_that_are_on: features, test("--features extra") => EXTRA;
    features_that_are_on_by_their_package: features, test("--features has_features/extra") => EXTRA;
    features_in_two_options: features, test("-F extra -F more") => EXTRA;
    all_features: features, test("--all-features") => EXTRA;
    features_by_default: default_features, test("") => EXTRA;
    no_features_by_default: default_features, test("--no-default-features")
        => "has_features::always";
    missing_features: features, test("--features absent").fails() => "";
    a_named_test_whose_features_are_off: features, calls("needs", &["test --test needs"]).fails()
        => "";
    a_named_file_whose_features_are_off:
        features, calls("tests/needs.rs", &["test --test needs"]).fails() => "";
    a_named_test_whose_features_are_on:
        features, calls("needs --features extra", &["test --test needs --features extra"])
        => "has_features::needs";
    features_of_one_of_two_members: features_of_a_member, test("--features extra") => "has::needs plain::first plain::second";
    features_of_another_member:
        features_of_a_member, test("-p plain --features extra").fails() => "";

    all_examples: programs, calls("--examples", &["run --example show", "run --example tell"])
        => "programs::show programs::tell";
    all_examples_from_their_folder:
        programs, calls("--examples", &["run --example show", "run --example tell"]).from("examples")
        => "programs::show programs::tell";
    all_binaries: programs, calls("--bins", &["run --bin first-tool", "run --bin programs"])
        => "programs::first_tool programs::programs";
    all_binaries_and_examples:
        programs,
        calls("--bins --examples", &["run --bin first-tool", "run --bin programs", "run --example show", "run --example tell"])
        => "programs::first_tool programs::programs programs::show programs::tell";
    one_example: programs, calls("show", &["run --example show"]) => "programs::show";
    one_binary_by_file: programs, calls("src/main.rs", &["run --bin programs"])
        => "programs::programs";
    an_example_whose_features_are_off: features, calls("--examples", &["run --example open"])
        => "has_features::open";
    an_example_whose_features_are_on:
        features,
        calls("--examples --features extra", &["run --example open", "run -F extra --example closed"])
        => "has_features::closed has_features::open";
    a_binary_that_fails: failing_binary, calls("--bins", &["run"]).fails()
        => "failing_binary::failing_binary";
    examples_of_a_member: members_with_examples, calls("--examples -p one", &["run -p one --example one_example"])
        => "one::one_example";
    examples_where_a_person_stands:
        members_with_examples, calls("--examples", &["run --example two_example"]).from("two/src")
        => "two::two_example";
    examples_of_all_members:
        members_with_examples,
        calls("--examples", &["run --example one_example", "run --example two_example"])
        => "one::one_example two::two_example";
}

/// Two tests and two examples that have one root file each.
fn one_file(place: &Place) {
    let target = |kind: &str, name: &str, file: &str| {
        format!("[[{kind}]]\nname = {name:?}\npath = {file:?}\nharness = false\n")
    };
    let examples = ["here", "there"]
        .map(|name| format!("[[example]]\nname = {name:?}\npath = \"examples/shared.rs\"\n"));
    let tests = ["left", "right"].map(|name| target("test", name, "tests/both.rs"));
    place.root_package("one_file", &(examples.concat() + &tests.concat()));
    place.write("tests/both.rs", &probe());
    place.write("examples/shared.rs", &probe());
}

fn quiet(place: &Place) {
    let more = tests(&["loud"]) + &tests(&["silent"]) + "test = false\n";
    place.root_package("quiet", &more);
    place.write("tests/loud.rs", &probe());
    place.write("tests/silent.rs", &probe());
}

fn no_autotests(place: &Place) {
    place.root_package("no_autotests", &(tests(&["named"]) + "path = \"checks/odd.rs\"\n"));
    let manifest = place.read("Cargo.toml").replace("edition", "autotests = false\nedition");
    place.write("Cargo.toml", &manifest);
    place.write("checks/odd.rs", &probe());
    place.write("tests/unnamed.rs", &failing());
}

fn folders(place: &Place) {
    place.root_package("folders", &tests(&["it", "my-test"]));
    place.write("tests/it/main.rs", &format!("mod part;\n{}", probe()));
    place.write("tests/it/part.rs", "");
    place.write("tests/my-test.rs", &probe());
    // A folder without a root is none.
    place.write("tests/common/mod.rs", &failing());
}

fn features(place: &Place) {
    has_features(place, "");
}

fn default_features(place: &Place) {
    has_features(place, "default = [\"extra\"]\n");
}

fn has_features(place: &Place, more: &str) {
    let needs = "required-features = [\"extra\"]\n";
    let examples = format!("[[example]]\nname = \"closed\"\n{needs}");
    let lines = format!("[features]\nextra = []\nmore = []\n{more}");
    let all = tests(&["always"]) + &tests(&["needs"]) + needs + &examples + &lines;
    place.root_package("has_features", &all);
    for file in ["tests/always.rs", "tests/needs.rs", "examples/open.rs", "examples/closed.rs"] {
        place.write(file, &probe());
    }
}

/// Two members, of which one has the feature.
fn features_of_a_member(place: &Place) {
    plain(place);
    place.write("plain/Cargo.toml", &place.read("plain/Cargo.toml").replace("[workspace]\n", ""));
    place.workspace("", "members = [\"plain\", \"has\"]");
    let needs = "required-features = [\"extra\"]\n[features]\nextra = []\n";
    place.member("has", &(tests(&["needs"]) + needs));
    place.write("has/tests/needs.rs", &probe());
}

/// A package with programs of every kind.
fn programs(place: &Place) {
    place.root_package("programs", &tests(&["checks"]));
    let files = ["tests/checks.rs", "examples/show.rs", "examples/tell/main.rs", "src/main.rs"];
    for file in files.iter().chain(&["src/bin/first-tool.rs"]) {
        place.write(file, &probe());
    }
    // They have no runner, so they are never run.
    place.write("examples/own.rs", "fn main() { panic!(\"it was run\") }");
    place.write("src/bin/own-tool.rs", "fn main() { panic!(\"it was run\") }");
}

fn failing_binary(place: &Place) {
    place.root_package("failing_binary", "");
    place.write("src/main.rs", &failing());
}

fn members_with_examples(place: &Place) {
    place.workspace("", "members = [\"one\", \"two\"]");
    for name in ["one", "two"] {
        place.member(name, "");
        place.write(&format!("{name}/src/lib.rs"), "");
        place.write(&format!("{name}/examples/{name}_example.rs"), &probe());
    }
}

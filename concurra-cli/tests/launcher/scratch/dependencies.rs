//! The dependencies that a scratch file names.

use super::{dependency, uses};
use crate::support::{Place, task};

#[test]
fn by_a_path_count_from_the_file() {
    let place = Place::new("scratch-paths");
    dependency(&place, "dep", "«near»");
    dependency(&place, "far/other dep", "«far»");
    let near = uses("//# dep = { path = \"dep\" }");
    let above = uses("//# dep = { path = \"../far/other dep\" }");
    place.write("near.rs", &near);
    place.write("sub/above.rs", &above);
    place.write("dotted.rs", &uses("//# dep.path = \"./dep\""));
    let whole = place.path("dep").display().to_string();
    place.write("sub/whole.rs", &uses(&format!("//# dep = {{ path = {whole:?} }}")));
    place.write("main.rs", &(near.clone() + "concurra::main!();\n"));
    for (file, text) in [
        ("near.rs", "«near»"),
        ("sub/above.rs", "«far»"),
        ("dotted.rs", "«near»"),
        ("sub/whole.rs", "«near»"),
        ("main.rs", "«near»"),
    ] {
        place.mtrun(&[file]).exits(0).prints(&[text]);
        let whole = place.path(file).display().to_string();
        place.mtrun(&[&whole]).from("far").exits(0).prints(&[text]);
    }
    // `mtrun` builds an edited dependency.
    dependency(&place, "dep", "«edited»");
    place.mtrun(&["near.rs"]).exits(0).prints(&["«edited»"]);
    // A file of the same text elsewhere has another dependency.
    dependency(&place, "elsewhere/dep", "«elsewhere»");
    place.write("elsewhere/near.rs", &near);
    for (file, text) in [("elsewhere/near.rs", "«elsewhere»"), ("near.rs", "«edited»")] {
        place.mtrun(&[file]).exits(0).prints(&[text]);
    }
}

#[test]
fn by_a_path_through_a_link_count_from_the_file_itself() {
    let place = Place::new("scratch-linked");
    dependency(&place, "real/dep", "«real»");
    place.write("real/near.rs", &uses("//# dep = { path = \"dep\" }"));
    std::os::unix::fs::symlink("real/near.rs", place.path("link.rs")).expect("a link");
    std::os::unix::fs::symlink("real", place.path("folder")).expect("a link");
    for file in ["real/near.rs", "link.rs", "folder/near.rs"] {
        place.mtrun(&[file]).exits(0).prints(&["«real»"]);
    }
}

/// The line of the file that the errors name, and no manifest.
#[track_caller]
fn blames(place: &Place, file: &str, lines: &[usize]) {
    let ran = place.mtrun(&[file]).exits(101).ended("");
    for line in lines {
        let line = format!("{file}:{line}:");
        assert!(ran.err.contains(&line), "no {line} in:\n{}", ran.err);
    }
}

#[test]
fn that_cargo_rejects_are_reported_with_the_line_of_the_file() {
    let place = Place::new("scratch-refused");
    let bad = |name: &str, line: &str| {
        let text =
            format!("#!/usr/bin/env mtrun\n//# anyhow = \"1\"\n//\n{line}\n\n{}", task("a", "a"));
        place.write(name, &text);
        blames(&place, name, &[4]);
    };
    bad("form.rs", "//# dep = { optional = false }");
    bad("version.rs", "//# dep = \"not a version\"");
    bad("kind.rs", "//# dep = 7");
    bad("open.rs", "//# dep = { version = \"1\"");
    bad("quote.rs", "//# dep = \"1");
    bad("twice.rs", "//# anyhow = \"1\"");
    bad("absent.rs", "//# dep = { path = \"absent\" }");
    bad("name.rs", "//# \"bad name\" = \"1\"");
    bad("nothing.rs", "//# dep = ");
    bad("unknown.rs", "//# concurra-no-such-crate-at-all = \"1\"");
    bad(
        "feature.rs",
        "//# anyhow2 = { package = \"anyhow\", version = \"1\", features = [\"absent\"] }",
    );
}

#[test]
fn with_several_wrong_lines_are_reported_one_by_one() {
    let place = Place::new("scratch-several");
    let lines = ["//# dep = { path = \"absent\" }", "//# other = { path = \"gone\" }"];
    place.write("both.rs", &format!("{}\n{}\n{}", lines[0], lines[1], task("a", "a")));
    let ran = place.mtrun(&["both.rs"]).exits(101).ended("");
    let named = ["both.rs:1:", "both.rs:2:"].iter().any(|line| ran.err.contains(line));
    assert!(named, "{}", ran.err);
    // After the repair of one line, the error names the other.
    dependency(&place, "absent", "");
    place.write("both.rs", &format!("{}\n{}\n{}", lines[0], lines[1], task("a", "a")));
    blames(&place, "both.rs", &[2]);
    // The same text twice: the second is the one too many.
    place.write("both.rs", &format!("{}\n\n{}\n{}", lines[0], lines[0], task("a", "a")));
    blames(&place, "both.rs", &[3]);
}

#[test]
fn that_only_a_build_rejects_are_reported_with_the_file() {
    let place = Place::new("scratch-broken");
    dependency(&place, "dep", "");
    place.write("dep/src/lib.rs", "pub const TEXT: &str = nothing;");
    place.write("near.rs", &uses("//# dep = { path = \"dep\" }"));
    place.mtrun(&["near.rs"]).exits(101).complains("cannot find value `nothing`");
}

//! What descriptors say of what was written.

use std::time::Duration;

use concurra::__private::{Registration, TaskOptions};

use crate::{def, registered};

mod within {
    #[concurra::task(after = ["a", "b::c"], tags = ["x"], ignore = "why")]
    fn described() {}
}

#[concurra::task(
    retries = 2,
    backoff = "100ms",
    timeout = "1m 30s",
    serial = "db",
    always,
    isolate,
    secret
)]
fn careful() {}

#[concurra::task(serial)]
fn lonely() {}

#[concurra::task(retries = 0)]
fn tried_once() {}

#[concurra::task(retries = never)]
fn tried_never_again() {}

#[concurra::task(secret, timeout = "1ns")]
fn brief() {}

// The names and tags are written in decomposed form (NFD).
#[concurra::task(
    after = ["gro\u{308}\u{df}e", "e\u{301}te\u{301}::r#a\u{30a}", "x \u{1f980} o\u{308}"],
    tags = ["gro\u{308}\u{df}e-2u\u{308}", "\u{1f980}"],
    serial = "u\u{308}"
)]
fn decomposed() {}

concurra::link!(concurra_core, anyhow = "their_own_name");

#[test]
fn links_are_registered_by_the_names_of_their_crates() {
    let links = registered(|registration| match registration {
        Registration::Link(def) => Some(def().krate),
        _ => None,
    });
    let mut names: Vec<&str> = links.collect();
    names.sort_unstable();
    assert_eq!(names, ["concurra_core", "their_own_name"]);
}

#[test]
fn descriptors_say_what_was_written() {
    let def = def("described");
    assert_eq!(def.module, "returns::descriptors::within");
    assert_eq!(def.target, Some("(test)"));
    assert_eq!(def.place.file, file!());
    let line = include_str!("descriptors.rs").lines().nth(def.place.line as usize - 1);
    assert_eq!(line, Some("    fn described() {}"));
    assert_eq!(def.place.column, 8);
    assert_eq!((def.after, def.tags), (&["a", "b::c"][..], &["x"][..]));
    assert_eq!(def.ignore, Some("why"));
}

#[test]
fn texts_are_composed_as_the_compiler_composes_names() {
    let def = def("decomposed");
    assert_eq!(def.after, ["größe", "été::å", "x 🦀 ö"]);
    assert_eq!(def.tags, ["größe-2ü", "🦀"]);
    assert_eq!(def.options.serial, Some("ü"));
}

#[test]
fn options_arrive_as_they_were_written() {
    let careful = TaskOptions {
        retries: Some(Some(2)),
        backoff: Some(Duration::from_millis(100)),
        timeout: Some(Duration::from_secs(90)),
        serial: Some("db"),
        alone: false,
        always: true,
        isolate: true,
        secret: true,
    };
    assert_eq!(def("careful").options, careful);
    assert_eq!(
        def("tried_once").options,
        TaskOptions { retries: Some(Some(0)), ..TaskOptions::NONE }
    );
    let never = TaskOptions { retries: Some(None), ..TaskOptions::NONE };
    assert_eq!(def("tried_never_again").options, never);
    let timeout = Some(Duration::from_nanos(1));
    assert_eq!(def("brief").options, TaskOptions { timeout, secret: true, ..TaskOptions::NONE });
    assert_eq!(def("lonely").options, TaskOptions { alone: true, ..TaskOptions::NONE });
    assert_eq!(def("described").options, TaskOptions::NONE);
}

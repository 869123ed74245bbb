//! Names of scratch files.

use crate::support::{Place, task};

#[test]
fn of_all_kinds_run() {
    let place = Place::new("scratch-names");
    let names = [
        "examples",
        "incremental",
        "deps",
        "build",
        "test",
        "self",
        "Self",
        "super",
        "crate",
        "fn",
        "async",
        "gen",
        "true",
        "_",
        "1",
        "1st",
        "my file",
        "ü",
        "注文",
        "a.b",
        "-x",
        "concurra",
        "concurra_core",
        "std",
        "proc_macro",
        "main",
        "lib",
        "serde",
        "libc",
        "it's",
        "a%20b",
        "a+b",
    ];
    for name in names {
        let file = format!("./{name}.rs");
        place.write(
            &file,
            &format!("#[concurra::task] fn one() {{ println!(\"of {{}}\", {name:?}); }}\n"),
        );
        place.mtrun(&[&file]).exits(0).ended("PASS one").prints(&[&format!("of {name}\n")]);
    }
    let long = format!("{}.rs", "long".repeat(60));
    place.write(&long, &task("one", "one"));
    place.mtrun(&[&long]).exits(0).ended("PASS one");
}

#[test]
fn of_all_kinds_run_with_main_of_their_own() {
    let place = Place::new("scratch-names-main");
    for name in ["examples", "fn", "1", "ü", "my file", "libc", "deps"] {
        let file = format!("{name}.rs");
        place.write(&file, &task("one", name));
        place.mtrun(&[&file]).exits(0).ended("PASS one").prints(&[&format!("{name}\n")]);
    }
}

//! The forms of dependency lines and of `main!`.

use super::{dependency, runs, uses};
use crate::support::{Place, task};

/// Texts that look like dependency lines and are none.
#[test]
fn that_only_looks_like_a_dependency_names_none() {
    let place = Place::new("scratch-lookalikes");
    let file = |number: usize| format!("look{number}.rs");
    let texts = [
        "//#[derive(Debug)]\nstruct A;\n",
        "//# note\n",
        "// heading\n//# a note of several words\n//#\n//##\n",
        "struct A;\n//# note\n",
        "struct A;\n//# nothing = \"9999\"\n",
        "const A: &str = \"\n//# nothing = 1\n\";\n",
        "const A: &str = r#\"\n//# nothing = \"9999\"\n\"#;\n",
        "/*\n//# nothing = \"9999\"\n*/\n",
        "/* one /* two */\n//# nothing = \"9999\"\n*/\n",
        "#![allow(dead_code)]\nfn b() {}\n//# nothing = \"9999\"\n",
        "/// doc\n//# nothing = \"9999\"\nstruct A;\n",
        "   struct A; //# nothing = \"9999\"\n",
    ];
    for (number, text) in texts.iter().enumerate() {
        let with_main = format!("{text}{}", task("one", "one"));
        runs(&place, &file(number), &with_main, "PASS one");
        let without = with_main.replace("concurra::main!();", "");
        runs(&place, &file(number), &without.replace("#![allow(dead_code)]", ""), "PASS one");
    }
}

#[test]
fn of_dependencies_may_stand_among_other_comments() {
    let place = Place::new("scratch-comments");
    dependency(&place, "dep", "«dep»");
    let line = "//# dep = { path = \"dep\" }";
    for (number, head) in [
        format!("// what this is\n//\n{line}\n"),
        format!("#!/usr/bin/env mtrun\n\n{line}\n"),
        format!("//! What this is.\n{line}\n"),
        format!("\n\n{line}\n"),
        format!("/* a block */\n{line}\n"),
        format!("{line}\r\n"),
        "//#dep={path=\"dep\"}\n".to_owned(),
        format!("{line} # with a note\n"),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("head{number}.rs");
        // An inner doc comment must stand at the head of its file, also of a module.
        place.write(&name, &uses(head.trim_end_matches('\n')));
        place.mtrun(&[&name]).exits(0).prints(&["«dep»"]);
    }
}

/// A `main!` that is none: the file is a module of a written root.
#[test]
fn that_only_looks_like_main_does_not_count() {
    let place = Place::new("scratch-no-main");
    let texts = [
        "const A: &str = \"concurra::main!();\";\n",
        "const A: &str = r#\"\nconcurra::main!();\n\"#;\n",
        "/* concurra::main!(); */\n",
        "/* one /* two */ concurra::main!(); */\n",
        "/// concurra::main!();\nstruct A;\n",
        "//! concurra::main!();\n",
        "// concurra::main!();\n",
        "macro_rules! not_main { () => {} }\nnot_main!();\n",
        "macro_rules! main_of { () => {} }\nmain_of!();\n",
        "const A: char = '\"'; const B: &str = \"main!()\"; const C: char = '\"';\n",
        "mod main { pub fn f() {} }\n#[concurra::task] fn calls() { main::f() }\n",
        "const A: &[u8] = b\"main!()\"; const B: &[u8] = br\"main!()\";\n",
        "#[doc = \"concurra::main!();\"]\nstruct A;\n",
    ];
    for (number, text) in texts.iter().enumerate() {
        let name = format!("text{number}.rs");
        place.write(&name, &format!("{text}#[concurra::task] fn one() {{}}\n"));
        let ended = if text.contains("calls") { "PASS calls one" } else { "PASS one" };
        place.mtrun(&[&name]).exits(0).ended(ended);
        place.mtrun(&[&format!("{name}::one")]).exits(0).ended("PASS one");
    }
}

/// A `main!` in any form: the file is the root.
#[test]
fn of_main_counts_in_every_form() {
    let place = Place::new("scratch-main");
    let texts = [
        "concurra::main!();",
        "concurra :: main ! ( workers = 1 ) ;",
        "concurra :: main ! {}",
        "concurra::main![];",
        "::concurra::main!();",
        "use concurra::main;\nmain!();",
        "use concurra as c;\nc::main!();",
        "concurra::main /* here */ ! /* and here */ ();",
        "concurra::main // here\n!();",
        "const A: &str = \"//\"; concurra::main!();",
        "const A: &str = \"/*\"; concurra::main!(); const B: &str = \"*/\";",
    ];
    for (number, text) in texts.iter().enumerate() {
        // `crate::` leads to the root only where the file is the root.
        let name = format!("main{number}.rs");
        let task = "pub fn f() {}\n#[concurra::task] fn one() { crate::f() }\n";
        place.write(&name, &format!("{task}{text}\n"));
        place.mtrun(&[&name]).exits(0).ended("PASS one");
    }
}

#[test]
fn at_the_head_may_be_a_byte_order_mark() {
    let place = Place::new("scratch-mark");
    dependency(&place, "dep", "«dep»");
    let mark = "\u{feff}";
    let line = "//# dep = { path = \"dep\" }";
    place.write("line.rs", &format!("{mark}{}", uses(line)));
    place.mtrun(&["line.rs"]).exits(0).prints(&["«dep»"]);
    place.write("main.rs", &format!("{mark}{}", task("one", "«one»")));
    place.mtrun(&["main.rs"]).exits(0).prints(&["«one»"]);
    place.write("bang.rs", &format!("{mark}#!/usr/bin/env mtrun\n{}", uses(line)));
    place.mtrun(&["bang.rs"]).exits(0).prints(&["«dep»"]);
}

//! Executables that were exchanged without cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{TEXTS, prints_or_refuses};
use crate::support::Place;

const TARGETS: [[&str; 2]; 3] = [["left", "right"], ["show", "tell"], ["sell", "ship"]];

/// A target that also prints where its executable is.
fn shows_itself(text: &str) -> String {
    format!(
        "#[concurra::task]\nfn runs() {{\n    println!(\"{text}\");\n    \
         println!(\"executable {{}}\", std::env::current_exe().unwrap().display());\n}}\n\
         concurra::main!();\n"
    )
}

fn package(name: &str) -> Place {
    let place = Place::new(name);
    place.root_package("shop", "");
    for (folder, names) in ["tests", "examples", "src/bin"].iter().zip(TARGETS) {
        // Programs of one size: otherwise their sizes would show the swap.
        for (name, text) in names.iter().zip(["«first».", "«second»"]) {
            place.write(&format!("{folder}/{name}.rs"), &shows_itself(text));
        }
    }
    place
}

#[track_caller]
fn executable(place: &Place, target: &str) -> (PathBuf, SystemTime) {
    let ran = place.mtrun(&[target]).exits(0);
    let path = ran.out.lines().find_map(|line| line.strip_prefix("executable "));
    let path = PathBuf::from(path.expect("a path"));
    let time = fs::metadata(&path).and_then(|found| found.modified()).expect("a time");
    (path, time)
}

fn date(path: &Path, time: SystemTime) {
    let file = fs::File::options().append(true).open(path).expect("a file");
    file.set_modified(time).expect("a time");
}

#[test]
fn that_were_swapped_never_run_under_the_wrong_heading() {
    for (number, names) in TARGETS.iter().enumerate() {
        let place = package(&format!("executables-{number}"));
        let (ours, time) = executable(&place, names[0]);
        let (theirs, _) = executable(&place, names[1]);
        // The other names of the file, in cargo's own folder, stay as they are.
        let copy = ours.with_extension("copy");
        fs::copy(&theirs, &copy).expect("a copy");
        fs::rename(&copy, &ours).expect("a move");
        date(&ours, time);
        for _ in 0..2 {
            prints_or_refuses(&place.mtrun(&[names[0]]).run(), TEXTS[0], "");
        }
    }
}

#[test]
fn whose_contents_were_replaced_never_run_under_the_wrong_heading() {
    for (number, names) in TARGETS.iter().enumerate() {
        let place = package(&format!("contents-{number}"));
        let (ours, time) = executable(&place, names[0]);
        let (theirs, _) = executable(&place, names[1]);
        // All names of the file change, so cargo sees no difference either.
        fs::write(&ours, fs::read(&theirs).expect("a program")).expect("a file");
        date(&ours, time);
        for words in [&[names[0]][..], &[names[0]], &[names[1]]] {
            let text = if words == [names[1]] { TEXTS[1] } else { TEXTS[0] };
            prints_or_refuses(&place.mtrun(words).run(), text, "");
        }
    }
}

#[test]
fn of_another_package_never_run() {
    let place = Place::new("executables-package");
    place.workspace("", "members = [\"a\", \"b\"]");
    for (member, text) in [("a", "«first»."), ("b", "«second»")] {
        place.member(member, "");
        place.write(&format!("{member}/tests/flow.rs"), &shows_itself(text));
    }
    let (ours, time) = executable(&place, "a/tests/flow.rs");
    let (theirs, _) = executable(&place, "b/tests/flow.rs");
    fs::write(&ours, fs::read(&theirs).expect("a program")).expect("a file");
    date(&ours, time);
    for _ in 0..2 {
        prints_or_refuses(&place.mtrun(&["a/tests/flow.rs"]).run(), TEXTS[0], "");
    }
}

#[test]
fn that_embed_another_one_are_themselves() {
    let place = Place::new("executables-embed");
    place.root_package("shop", "");
    // The marker of another program, as its bytes would bring it along.
    let other = "concurra-runner:4:0.1.0:test\\nmail\\nsend\\n/x\\ntests/send.rs\\0";
    let text = format!(
        "#[concurra::task]\nfn runs() {{ std::hint::black_box(b\"{other}\"); }}\nconcurra::main!();\n"
    );
    place.write("examples/embeds.rs", &text);
    let ran = place.mtrun(&["embeds"]).exits(0).ended("PASS runs");
    assert!(!ran.err.contains("anew"), "{}", ran.err);
}

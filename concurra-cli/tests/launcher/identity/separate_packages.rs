//! Packages of one name that share a target folder.

use super::{TEXTS, prints_or_refuses};
use crate::support::{Place, Ran, task};

const FILES: [&str; 3] = ["tests/flow.rs", "examples/demo.rs", "src/bin/tool.rs"];

/// Three packages of one name, with targets of equal names, in one target folder.
fn three(name: &str) -> Place {
    let place = Place::new(name);
    for (folder, text) in ["x", "y", "z"].iter().zip(TEXTS) {
        place.package(&format!("{folder}/shop"), "");
        for file in FILES {
            place.write(&format!("{folder}/shop/{file}"), &task("runs", text));
        }
    }
    place
}

#[test]
fn of_one_name_by_file() {
    let place = three("packages-file");
    for file in FILES {
        for turn in [0, 1, 2, 0, 0, 2, 1, 0] {
            let file = format!("{}/shop/{file}", ["x", "y", "z"][turn]);
            prints_or_refuses(&place.mtrun(&[&file]).run(), TEXTS[turn], &file);
        }
    }
}

#[test]
fn of_one_name_from_their_folders() {
    let place = three("packages-folder");
    for turn in [2, 1, 0, 1, 2, 2, 0] {
        let folder = format!("{}/shop", ["x", "y", "z"][turn]);
        for words in [&[][..], &["--examples"], &["--bins"], &["flow"], &["demo"]] {
            prints_or_refuses(&place.mtrun(words).from(&folder).run(), TEXTS[turn], "");
        }
    }
}

#[test]
fn of_one_name_in_one_call() {
    let place = three("packages-together");
    for file in FILES {
        let files = ["x", "y", "z"].map(|folder| format!("{folder}/shop/{file}"));
        let files = files.each_ref().map(String::as_str);
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let ran = place.mtrun(&order.map(|turn| files[turn])).run();
            let headings = order.map(|turn| (files[turn], TEXTS[turn]));
            separate_headings_fit(&ran, &headings);
        }
    }
}

/// `mtrun` either runs each target under its heading or refuses it by its name.
#[track_caller]
fn separate_headings_fit(ran: &Ran, expected: &[(&str, &str)]) {
    for part in ran.out.split("==> ").skip(1) {
        let own = expected.iter().find(|(file, _)| part.starts_with(&format!("{file}\n")));
        let (file, text) = own.unwrap_or_else(|| panic!("{}\n{}", ran.out, ran.err));
        let others = TEXTS.iter().filter(|other| *other != text);
        for other in others {
            assert!(!part.contains(other), "{other} under {file}:\n{}\n{}", ran.out, ran.err);
        }
    }
    for (file, text) in expected {
        let is_shown = ran.out.contains(text) || ran.err.contains(file);
        assert!(is_shown, "nothing of {file}:\n{}\n{}", ran.out, ran.err);
    }
    let all = expected.iter().all(|(_, text)| ran.out.contains(text));
    assert_eq!(ran.code == Some(0), all, "{}\n{}", ran.out, ran.err);
}

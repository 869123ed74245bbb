//! Several tasks of one target are one run, and the name of a package as a target gives a
//! suggestion.

use crate::support::{Place, Ran, task};

/// A target in several files, with a setup that prints a line.
fn orders(name: &str) -> Place {
    let place = Place::new(name);
    place.workspace("", "members = [\"orders\", \"mail\"]");
    place.member("orders", "");
    let main = "mod db;\nmod mail;\n\
        #[concurra::setup] fn prepare() { println!(\"setup ran\"); }\n\
        #[concurra::teardown] fn clean() { println!(\"teardown ran\"); }\n\
        #[concurra::task] fn load() {}\n#[concurra::task] fn count() {}\n\
        #[concurra::task(after = [\"load\"])] fn show() {}\nconcurra::main!();\n";
    place.write("orders/tests/flow/main.rs", main);
    let module = "#[concurra::task] fn load() {}\n#[concurra::task] fn only() {}\n";
    place.write("orders/tests/flow/db.rs", module);
    place.write("orders/tests/flow/mail.rs", module);
    place.write("orders/tests/other.rs", &task("load", "other"));
    place.member("mail", "");
    place.write("mail/tests/letters.rs", &task("letters", "letters"));
    place
}

/// One run: one head, one setup, one teardown, one summary.
#[track_caller]
fn is_one_run(ran: Ran, ended: &str) {
    let ran = ran.exits(0).ended(ended);
    for text in ["setup ran\n", "teardown ran\n", "selected ", "running ", " passed in "] {
        assert_eq!(ran.out.matches(text).count(), 1, "{text:?} in:\n{}", ran.out);
    }
    ran.lacks("==>").lacks("targets:");
}

#[test]
fn several_tasks_of_one_target_are_one_run() {
    let place = orders("selection-one-run");
    let main = |task: &str| format!("orders/tests/flow/main.rs::{task}");
    let db = |task: &str| format!("orders/tests/flow/db.rs::{task}");
    let mail = |task: &str| format!("orders/tests/flow/mail.rs::{task}");
    let run =
        |words: &[String]| place.mtrun(&words.iter().map(String::as_str).collect::<Vec<_>>()).run();
    for _ in 0..2 {
        is_one_run(run(&[main("count"), main("show")]), "PASS count show");
        is_one_run(run(&[main("show"), main("count"), main("show")]), "PASS count show");
        // Each name counts from its file.
        is_one_run(run(&[db("load"), mail("load")]), "PASS db::load mail::load");
        is_one_run(run(&[mail("only"), main("count")]), "PASS mail::only count");
        is_one_run(run(&[main("load"), db("load")]), "PASS load db::load");
        is_one_run(run(&[main("db::load"), db("load")]), "PASS db::load");
        is_one_run(run(&[main("show"), main("load"), "--with-deps".to_owned()]), "PASS load show");
    }
}

#[test]
fn tasks_of_two_targets_are_a_run_of_each() {
    let place = orders("selection-two");
    let words = [
        "orders/tests/flow/main.rs::count",
        "orders/tests/other.rs::load",
        "orders/tests/flow/main.rs::load",
    ];
    let ran = place.mtrun(&words).exits(0).ended("PASS count load load");
    assert_eq!(ran.out.matches("setup ran\n").count(), 1, "{}", ran.out);
    ran.prints(&[
        "==> orders/tests/flow/main.rs",
        "==> orders/tests/other.rs",
        "2 targets: 3 passed",
    ]);
}

#[test]
fn a_file_and_a_task_of_it_are_all_its_tasks_once() {
    let place = orders("selection-all");
    let file = "orders/tests/flow/main.rs";
    let task = "orders/tests/flow/main.rs::count";
    let all = "PASS load count show db::load db::only mail::load mail::only";
    for words in [[file, task], [task, file], [file, file], ["flow", file]] {
        is_one_run(place.mtrun(&words).run(), all);
    }
}

#[test]
fn a_wrong_name_among_several_is_refused_with_suggestions() {
    let place = orders("selection-wrong");
    let words = ["orders/tests/flow/main.rs::count", "orders/tests/flow/main.rs::shwo"];
    let ran = place.mtrun(&words).exits(96).ended("").lacks("setup ran");
    ran.complains("`shwo`").complains("did you mean `show`?");
}

#[test]
fn a_word_that_names_a_package_suggests_its_option() {
    let place = orders("selection-hint");
    for _ in 0..2 {
        place.mtrun(&["orders"]).exits(4).ended("").complains("-p orders");
        let ran = place.mtrun(&["orders"]).from("mail").exits(4).ended("");
        ran.complains("-p orders");
        place.mtrun(&["orders", "--exact"]).exits(4).complains("-p orders");
    }
    place.mtrun(&["ordrs"]).exits(4).lacks("-p ordrs");
    // A target or a task of that name comes first.
    place.write("mail/tests/orders.rs", &task("first", "first"));
    place.mtrun(&["orders"]).exits(0).ended("PASS first").lacks("-p orders");
}

#[test]
fn an_empty_word_is_refused() {
    let place = orders("selection-empty");
    for words in [&[""][..], &["letters", ""], &["", "letters"]] {
        place.mtrun(words).exits(94).ended("").complains("error: ");
    }
}

#[test]
fn a_target_whose_features_are_off_is_left_out_with_a_line() {
    let place = Place::new("selection-features");
    let needs = "[[test]]\nname = \"needs\"\nrequired-features = [\"extra\"]\n\
                 [features]\nextra = []\n";
    place.root_package("shop", needs);
    place.write("tests/needs.rs", &task("needs", "needs"));
    place.write("tests/plain.rs", &task("plain", "plain"));
    for _ in 0..2 {
        let ran = place.mtrun(&[]).exits(0).ended("PASS plain");
        let line = ran.err.lines().find(|line| line.contains("needs")).unwrap_or_default();
        assert!(
            line.ends_with("it requires the feature extra"),
            "no line of the target in:\n{}",
            ran.err
        );
        let ran = place.mtrun(&["needs"]).run().ended("");
        assert!(ran.code != Some(0) && ran.err.contains("extra"), "{}", ran.err);
        let ran = place.mtrun(&["--features", "extra"]).exits(0).ended("PASS needs plain");
        assert!(!ran.err.contains("requires the feature"), "{}", ran.err);
    }
}

#[test]
fn a_file_of_two_targets_is_never_run_as_only_one_of_them() {
    let place = Place::new("selection-shared");
    let target = |name| format!("[[test]]\nname = {name:?}\npath = \"tests/both.rs\"\n");
    place.root_package("shop", &["left", "right"].map(target).concat());
    let text = "#[concurra::task] fn says() { println!(\"this is {}\", env!(\"CARGO_CRATE_NAME\")); }\n\
                concurra::main!();\n";
    place.write("tests/both.rs", text);
    for word in ["tests/both.rs", "tests/both.rs::says"] {
        let ran = place.mtrun(&[word]).run();
        if ran.code == Some(0) {
            ran.prints(&["this is left\n", "this is right\n"]);
        } else {
            ran.ended("").complains("left").complains("right");
        }
    }
    for name in ["left", "right"] {
        place.mtrun(&[name]).exits(0).prints(&[&format!("this is {name}\n")]);
    }
}

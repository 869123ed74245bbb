//! The targets that words on the command line name.

use std::os::unix::fs::symlink;

use crate::support::{Fresh, flows, mtrun, mtrun_in, root};

#[test]
fn a_target_by_its_file_or_its_name_from_anywhere() {
    mtrun(&["tests/hooks.rs"]).exits(0).ended("PASS work");
    mtrun(&["./tests/../tests/hooks.rs"]).exits(0).ended("PASS work");
    mtrun(&["hooks"]).exits(0).ended("PASS work");
    mtrun_in(&flows().join("tests"), &["hooks.rs"]).exits(0).ended("PASS work");
    let file = "tests/fixtures/flows/tests/hooks.rs";
    mtrun_in(root(), &[file]).exits(0).ended("PASS work");
    let manifest = flows().join("Cargo.toml").display().to_string();
    mtrun_in(std::path::Path::new("/"), &["hooks", "--manifest-path", &manifest])
        .exits(0)
        .ended("PASS work");
}

#[test]
fn without_words_all_test_targets_with_the_runner_run() {
    let ran = mtrun(&["-p", "flows", "--list"]).exits(0);
    let heads = ran.out.lines().filter_map(|line| line.strip_prefix("==> ")).collect::<Vec<_>>();
    let targets = [
        "flows",
        "forgotten",
        "hooks",
        "it/main",
        "layers",
        "linked",
        "logs",
        "per_task",
        "six",
        "slow",
    ];
    let mut expected = targets.map(|name| format!("tests/{name}.rs")).to_vec();
    expected.push("tests/values.rs".to_owned());
    let mut sorted = heads.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected, "{}", ran.err);
}

#[test]
fn binaries_and_examples_run_only_when_named_or_asked_for() {
    mtrun(&["deploy"]).exits(0).ended("PASS upload switch");
    mtrun(&["src/bin/deploy.rs::upload"]).exits(0).ended("PASS upload");
    mtrun(&["--bins"]).exits(0).ended("PASS upload switch");
    mtrun(&["examples/ship.rs"]).exits(0).ended("PASS pay ship");
    mtrun(&["ship"]).exits(0).ended("PASS pay ship");
    mtrun(&["--examples", "--bins"]).exits(0).ended("PASS pay ship upload switch");
}

#[test]
fn a_target_whose_harness_line_was_forgotten() {
    mtrun(&["forgotten"])
        .exits(0)
        .ended("PASS first second")
        .prints(&["selected 2 of 2\nrunning 2 tasks on"])
        .prints(&["first ran\n", "==== 2 passed in "])
        .lacks("running 1 test\n");
    mtrun(&["tests/forgotten.rs::second", "--result-first"])
        .exits(0)
        .ended("PASS second, MOCK first");
}

#[test]
fn a_linked_library_runs_and_others_do_not() {
    mtrun(&["linked"]).exits(0).ended("PASS provide flows::provide flows::deep::load both");
    mtrun(&["six", "--list"]).exits(0).lacks("flows::provide");
}

#[test]
fn a_module_file_stands_for_the_target_and_prefers_its_own_names() {
    mtrun(&["tests/it/db.rs::seed"]).exits(0).ended("PASS db::seed");
    mtrun(&["tests/it/mail.rs::seed"]).exits(0).ended("PASS mail::seed");
    mtrun(&["tests/it/db.rs::migrate"]).exits(0).ended("PASS db::migrate");
    mtrun(&["tests/it/db.rs::index"]).exits(0).ended("PASS db::deep::index");
    mtrun(&["tests/it/main.rs::migrate"]).exits(0).ended("PASS migrate");
    mtrun(&["tests/it/db.rs::mail::index"]).exits(0).ended("PASS mail::index");
    mtrun(&["tests/it/main.rs::seed"]).exits(96).ended("").complains("`db::seed`");
    mtrun(&["tests/it/db.rs"]).exits(0).prints(&["selected 6 of 6"]);
}

#[test]
fn a_file_of_a_library_is_refused() {
    mtrun(&["src/lib.rs"])
        .exits(94)
        .complains("src/lib.rs` is part of a library")
        .complains("concurra::link!");
}

#[test]
fn naming_a_file_of_the_library_never_runs_the_binary_beside_it() {
    let package = Fresh::package("both", "");
    package.write("src/lib.rs", "pub mod part;");
    package.write("src/part.rs", "");
    package.write("src/main.rs", "#[concurra::task] fn deploys() {} concurra::main!();");
    for file in ["src/lib.rs", "src/part.rs"] {
        package.mtrun(&[file]).exits(94).ended("").complains("part of a library");
    }
    package.mtrun(&["src/main.rs"]).exits(0).ended("PASS deploys");
}

#[test]
fn an_error_for_a_missing_file_suggests_a_similar_one() {
    mtrun(&["ship.rs"])
        .exits(94)
        .complains("ship.rs`: No such file")
        .complains("`examples/ship.rs`?");
    mtrun(&["tests/sx.rs"]).exits(94).complains("did you mean `tests/six.rs`?");
    mtrun(&["far/away.rs"]).exits(94).complains("far/away.rs`").lacks("did you mean");
}

#[test]
fn an_unknown_package_is_refused_in_the_words_of_cargo() {
    mtrun(&["-p", "flowers"])
        .exits(94)
        .complains("cargo rejects the package options: ")
        .complains("`flowers`");
}

#[test]
fn an_unknown_package_to_exclude_is_a_warning_as_in_cargo() {
    let warning = "warning: no package of the workspace is `brokn` of `--exclude`";
    for _ in 0..2 {
        mtrun(&["--workspace", "--exclude", "brokn", "hooks"])
            .exits(0)
            .complains(&format!("{warning}; did you mean `broken`?\n"));
    }
    mtrun(&["--workspace", "--exclude", "broken", "hooks"]).exits(0).lacks("warning");
}

#[test]
fn an_error_for_a_target_without_the_runner_has_advice() {
    const OWN: &str = r#"
fn main() {
    let mut runner = concurra::Runner::new();
    runner.add("by_hand", || println!("by hand"));
    runner.run().unwrap().verify().unwrap();
}
"#;
    let package = Fresh::package("plain", "");
    package.write("tests/plain.rs", "#[test] fn nothing() {}");
    package.write("examples/own.rs", OWN);
    package.write("src/main.rs", OWN);
    let complaints = ["tests/plain.rs", "own", "src/main.rs"]
        .map(|word| package.mtrun(&[word]).exits(104).ended("").complaint().to_owned());
    insta::assert_snapshot!(complaints.concat());
    package.mtrun(&[]).exits(4).complains("no target of the chosen packages has a runner");
}

#[test]
fn a_part_of_a_name_chooses_no_target() {
    for words in [&["examples/ship.rs::"][..], &["hooks", "examples/ship.rs::"]] {
        mtrun(words).exits(94).ended("").complains(
            "no task name after `examples/ship.rs::`; write `examples/ship.rs` to run all its tasks",
        );
    }
}

#[test]
fn a_link_among_the_tests_is_a_target_of_its_package() {
    const TASK: &str = "#[concurra::task] fn shows() { println!(\"{}\", module_path!()); }\n\
                        concurra::main!();";
    let package = Fresh::package("linking", "");
    let elsewhere = Fresh::new("link_ends");
    elsewhere.write("end.rs", TASK);
    package.write("tests/own.rs", TASK);
    symlink(elsewhere.path("end.rs"), package.path("tests/linked.rs")).expect("a link");
    symlink(package.folder(), elsewhere.path("package")).expect("a link");
    for file in ["tests/linked.rs", "tests/linked.rs::shows", "./tests/../tests/linked.rs"] {
        package.mtrun(&[file]).exits(0).ended("PASS shows").prints(&["linked\n"]);
    }
    // From elsewhere the same package through a link, named as a folder and as a manifest.
    let linked = &elsewhere.path("package/tests/linked.rs").display().to_string();
    let own = &package.path("tests/own.rs").display().to_string();
    let manifest = &format!("--manifest-path={}", elsewhere.path("package/Cargo.toml").display());
    let runs = |words: &[&str], name: &str| {
        elsewhere.mtrun(words).exits(0).ended("PASS shows").prints(&[name]);
    };
    runs(&[linked], "linked\n");
    runs(&[linked, manifest], "linked\n");
    runs(&[own, manifest], "own\n");
}

#[test]
fn a_file_that_is_not_a_manifest_is_refused() {
    let folder = flows().display().to_string();
    let offer = format!("did you mean `{folder}/Cargo.toml`?");
    mtrun(&["hooks", "--manifest-path", &folder]).exits(94).ended("").complains(&offer);
    for path in ["tests/hooks.rs", "nowhere/Cargo.toml"] {
        mtrun(&["tests/hooks.rs", "--manifest-path", path])
            .exits(94)
            .ended("")
            .complains("is not a Cargo.toml")
            .lacks("did you mean");
    }
}

#[test]
fn cargo_mtrun_is_the_same() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-mtrun"));
    command.args(["mtrun", "six", "test_z"]);
    crate::support::prepare(&mut command, &flows());
    crate::support::Ran::of(&mut command).exits(4).complains("`cargo mtrun --list`");
}

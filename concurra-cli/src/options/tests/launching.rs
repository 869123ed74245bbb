//! The options of `mtrun` alone, and what it passes to the binary.

use super::*;

#[test]
fn mtrun_separates_its_own_options_from_those_of_the_binary() {
    let line = "t.rs -p pkg --release --env=dev -w 3 orders --features a --result x=1 -- --list n";
    let options = mtrun(line);
    assert_eq!(options.launch.words, ["t.rs", "orders"]);
    let passed = ["--env=dev", "--workers=3", "--result-x=1", "--list", "n"];
    assert_eq!(options.launch.passed, passed);
    assert_eq!(options.launch.cargo.packages, ["pkg"]);
    assert_eq!(options.launch.cargo.build, ["--features=a", "--release"]);
    assert_eq!(options.run.show, Some(Show::List));
    assert_eq!(options.run.params["env"], "dev");
    assert!(options.run.selection.filters == ["n"]);
}

#[test]
fn mtrun_makes_paths_for_cargo_absolute() {
    let cargo = mtrun("--manifest-path a/Cargo.toml --target-dir=t").launch.cargo;
    assert_eq!(cargo.manifest.as_deref(), Some(Path::new("/base/a/Cargo.toml")));
    assert_eq!(cargo.build, ["--target-dir=/base/t"]);
}

#[test]
fn exclude_needs_workspace() {
    let cargo = mtrun("--workspace --exclude a --exclude b@2").launch.cargo;
    assert!(cargo.workspace && cargo.exclude == ["a", "b@2"] && cargo.packages.is_empty());
    // Cargo lets `--workspace` win.
    let cargo = mtrun("-p a --workspace").launch.cargo;
    assert!(cargo.workspace && cargo.packages == ["a"]);
    assert!(!mtrun("-p a").launch.cargo.workspace);
    for line in ["--exclude a", "-p b --exclude a"] {
        let error = refused_by_mtrun(line);
        assert!(error.contains("write `--workspace --exclude SPEC`"), "{line}: {error}");
    }
    assert!(refused_by_mtrun("--all").contains("write `--workspace`"));
    for option in ["--workspace", "--exclude a"] {
        assert!(refused(option).contains("is an option of `mtrun` and cargo"), "{option}");
    }
}

#[test]
fn mtrun_finds_mistakes_in_options_of_the_binary() {
    assert!(refused_by_mtrun("-- --wokers").contains("--workers"));
    assert!(refused_by_mtrun("--test orders").contains("`mtrun NAME`"));
    assert!(refused_by_mtrun("--worker=3").contains("--workers"));
}

#[test]
fn help_shows_what_is_relevant() {
    let help = |error| match error {
        OptionError::Help(text) => text,
        OptionError::Wrong(text) => panic!("{text}"),
    };
    let own = help(parse_binary(os("-h"), &around()).expect_err("help"));
    let all = help(parse_mtrun(os("--help"), &around()).expect_err("help"));
    assert!(own.contains("Selection:") && !own.contains("Cargo:") && !own.contains("--task"));
    assert!(all.contains("Cargo:") && all.contains("TARGET"));
    // Expressions are for `--tags` alone.
    assert!(all.contains("--exclude-tags <TAGS>"));
    assert!(all.contains("with VALUE (JSON, text or @file); also --result-NAME=VALUE"), "{all}");
    let version = help(parse_mtrun(os("-V"), &around()).expect_err("the version"));
    assert_eq!(version, format!("mtrun {}\n", env!("CARGO_PKG_VERSION")));
}

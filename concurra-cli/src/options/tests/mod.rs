mod empty;
mod hidden;
mod launching;
mod page;
mod params;
mod unicode;

use std::path::Path;
use std::time::Duration;

use concurra_core::MaxFail;

use super::*;

fn around() -> Surroundings<'static> {
    Surroundings { base: Path::new("/base"), variable: &|_| None }
}

fn os(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

/// An argument that need not be Unicode.
fn bytes(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

fn binary(line: &str) -> Options {
    parse_binary(os(line), &around()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn refused(line: &str) -> String {
    parse_binary(os(line), &around()).expect_err(line).to_string()
}

fn mtrun(line: &str) -> MtrunOptions {
    parse_mtrun(os(line), &around()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn refused_by_mtrun(line: &str) -> String {
    parse_mtrun(os(line), &around()).expect_err(line).to_string()
}

#[test]
fn an_empty_line_is_the_default() {
    assert_eq!(binary(""), Options::default());
    assert_eq!(mtrun(""), MtrunOptions::default());
}

#[test]
fn selection_keeps_one_expression_for_each_option() {
    let options = binary("one --tags a,b --tags=c&!d --exclude-tags x --skip slow --exact two");
    let selection = options.selection;
    assert_eq!(selection.filters, ["one", "two"]);
    assert_eq!(selection.tags, ["a,b", "c&!d"]);
    assert_eq!(selection.exclude_tags, ["x"]);
    assert_eq!(selection.skip, ["slow"]);
    assert!(selection.exact);
}

#[test]
fn the_last_option_for_dependencies_counts() {
    assert_eq!(binary("--with-deps --no-deps").selection.deps, Some(false));
    assert_eq!(binary("--no-deps --with-deps").selection.deps, Some(true));
    assert_eq!(binary("").selection.deps, None);
}

#[test]
fn every_spelling_of_workers() {
    for line in ["-w 3", "-w3", "-w=3", "-j3", "--workers=3", "--workers 3", "--test-threads=3"] {
        assert_eq!(binary(line).settings.workers, Some(3), "{line}");
    }
    assert_eq!(binary("-w 3 -w 4").settings.workers, Some(4));
    assert_eq!(binary("-qw3").settings.workers, Some(3));
    assert_eq!(refused("-w 0"), "`--workers` cannot be `0`: a number of at least 1 is needed");
    for line in ["--workers", "-w"] {
        let error = refused(line);
        assert!(error.starts_with("the value of `--workers` is missing or empty"), "{error}");
        assert!(error.contains("write `--workers=VALUE`"), "{error}");
    }
}

#[test]
fn the_variable_of_libtest_gives_workers_unless_an_option_does() {
    let variable: &dyn Fn(&str) -> Option<OsString> =
        &|name| (name == "RUST_TEST_THREADS").then(|| "5".into());
    let around = Surroundings { base: Path::new("."), variable };
    let workers = |line| match parse_binary(os(line), &around) {
        Ok(options) => options.settings.workers,
        other => panic!("{other:?}"),
    };
    assert_eq!(workers(""), Some(5));
    assert_eq!(workers("-w 2"), Some(2));
}

#[test]
fn times_have_units_that_add_up() {
    let timeout = |text: &str| parse_binary(["--timeout".into(), text.into()], &around());
    for (text, millis) in
        [("500ms", 500), (" 1m 30s", 90_000), ("1min30sec", 90_000), ("2 s", 2_000)]
    {
        let options = timeout(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(options.settings.timeout, Some(Duration::from_millis(millis)), "{text}");
    }
    for text in
        ["18446744073709551615s 1000000000ns", "18446744073709551615s 1000ms", "999999999999999d"]
    {
        let error = timeout(text).expect_err(text).to_string();
        assert!(error.contains("too long; write a shorter time"), "{error}");
    }
    for text in [" ", "5", "soon", "5 m s"] {
        let error = timeout(text).expect_err(text).to_string();
        assert!(error.contains("a time is needed"), "{error}");
    }
}

#[test]
fn the_last_option_for_failures_counts() {
    let max = |line| binary(line).settings.max_fail;
    assert_eq!(max("--fail-fast"), Some(MaxFail::wait(1)));
    assert_eq!(max("--fail-fast --max-fail 3:immediate"), Some(MaxFail::immediate(3)));
    assert_eq!(max("--max-fail 3 --fail-fast"), Some(MaxFail::wait(1)));
    assert_eq!(max("--max-fail=3 --no-fail-fast"), Some(MaxFail::ALL));
    assert_eq!(max("--fail-fast --max-fail=all"), Some(MaxFail::ALL));
}

#[test]
fn lists_graphs_and_dry_runs() {
    let show = |line| binary(line).show;
    assert_eq!(show("--list"), Some(Show::List));
    assert_eq!(show("--list --format terse"), Some(Show::List));
    assert_eq!(show("--graph"), Some(Show::Graph(GraphKind::Text)));
    assert_eq!(show("--graph=json x"), Some(Show::Graph(GraphKind::Json)));
    assert_eq!(binary("--graph dot").selection.filters, ["dot"]);
    assert_eq!(show("--dry-run"), Some(Show::DryRun));
    assert!(refused("--list --dry-run").contains("exclude each other"));
    for show in ["--list", "--graph", "--graph=dot", "--dry-run"] {
        let option = show.split('=').next().expect("an option");
        for (more, what) in [("--report json=r", "--report"), ("--log-dir=l", "--log-dir")] {
            let error = refused_by_mtrun(&format!("{more} {show}"));
            let wanted = format!("`{what}` has no effect beside `{option}`, which runs nothing;");
            assert!(error.starts_with(&wanted), "{error}");
        }
    }
    assert_eq!(
        refused("--graph=svg"),
        "`--graph` cannot be `svg`: one of text, dot, mermaid, json is needed"
    );
}

#[test]
fn the_command_line_of_libtest() {
    let line = "name --exact --nocapture --show-output -q --color always --test-threads 2 --skip s";
    let options = binary(line);
    assert!(options.selection.exact && options.show_output && options.format == Format::Terse);
    assert_eq!(options.color, ColorChoice::Always);
    assert!(binary("--no-capture").show_output && binary("--nocapture").show_output);
    assert_eq!(binary("--format json -Zunstable-options -q").format, Format::Json);
    assert_eq!(binary("--format json -Z unstable-options").format, Format::Json);
    assert_eq!(binary("-Zunstable-options --format=json").format, Format::Json);
    assert!(refused("--format json").contains("-Z unstable-options"));
    assert!(binary("--bench").bench);
    assert!(!binary("--bench --test").bench);
    assert!(refused("--ignored --include-ignored").contains("exclude each other"));
    assert_eq!(refused("--exact=1"), "`--exact` takes no value");
    assert!(refused("-x").contains("unknown option `-x`"));
}

#[test]
fn the_option_that_names_a_task() {
    let only = binary("--task db::migrate --task=x@m").selection.only;
    let named = only.iter().map(|task| (task.name.as_str(), task.module.as_deref()));
    assert_eq!(named.collect::<Vec<_>>(), [("db::migrate", None), ("x", Some("m"))]);
}

#[test]
fn options_from_the_variable() {
    let args = |text: &str| args_from_variable(Some(text.into()));
    assert_eq!(args(r#"["--tags", "a b"]"#).expect("a list"), ["--tags", "a b"]);
    assert!(args("--tags a").is_err());
    assert!(args("[1]").is_err());
    let odd = [OsString::from("--log-dir"), bytes(b"\xff")];
    assert_eq!(args(&args_for_variable(&odd)).expect("a list"), odd);
    assert!(args_from_variable(None).expect("nothing").is_empty());
}

#[test]
fn colours() {
    let with = |set: &'static [(&'static str, &'static str)], terminal| {
        let variable = |name: &str| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        };
        ColorChoice::Auto
            .resolve(terminal, &Surroundings { base: Path::new("."), variable: &variable })
    };
    assert!(with(&[], true));
    assert!(!with(&[], false));
    assert!(!with(&[("NO_COLOR", "1")], true));
    assert!(with(&[("CLICOLOR_FORCE", "1")], false));
    assert!(!with(&[("CLICOLOR_FORCE", "0")], false));
    assert!(!with(&[("TERM", "dumb")], true));
}

#[test]
fn a_path_or_a_part_of_the_build_is_given_once() {
    for option in ["--log-dir", "--target-dir", "--manifest-path", "--cargo-profile", "--target"] {
        let error = refused_by_mtrun(&format!("{option}=a {option} b"));
        assert_eq!(error, format!("`{option}` is given 2 times; write it once"));
    }
    assert_eq!(refused("--log-dir a --log-dir=a"), "`--log-dir` is given 2 times; write it once");
}

#[test]
fn every_option_of_the_table_has_help() {
    for arg in command(Program::Mtrun).get_arguments().filter(|arg| !arg.is_hide_set()) {
        assert!(arg.get_help().is_some(), "{}", arg.get_id());
    }
}

use std::path::Path;

use super::*;

fn around() -> Surroundings<'static> {
    Surroundings { base: Path::new("/base"), variable: &|_| None }
}

fn os(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

fn binary(line: &str) -> Options {
    match parse_binary(os(line), &around()).unwrap_or_else(|error| panic!("{line}: {error}")) {
        Parsed::Run(options) => *options,
        Parsed::Text(text) => panic!("{text}"),
    }
}

fn refused(line: &str) -> String {
    parse_binary(os(line), &around()).expect_err(line).to_string()
}

fn mtrun(line: &str) -> MtrunOptions {
    match parse_mtrun(os(line), &around()).unwrap_or_else(|error| panic!("{line}: {error}")) {
        Parsed::Run(options) => *options,
        Parsed::Text(text) => panic!("{text}"),
    }
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
fn the_last_word_on_dependencies_counts() {
    assert_eq!(binary("--with-deps --no-deps").selection.with_deps, Some(false));
    assert_eq!(binary("--no-deps --with-deps").selection.with_deps, Some(true));
    assert_eq!(binary("").selection.with_deps, None);
}

#[test]
fn every_spelling_of_workers() {
    for line in ["-w 3", "-w3", "-w=3", "-j3", "--workers=3", "--workers 3", "--test-threads=3"] {
        assert_eq!(binary(line).workers, NonZeroUsize::new(3), "{line}");
    }
    assert_eq!(binary("-w 3 -w 4").workers, NonZeroUsize::new(4));
    assert_eq!(binary("-qw3").workers, NonZeroUsize::new(3));
    assert_eq!(refused("-w 0"), "`--workers` cannot be `0`: a number of at least 1 is needed");
    assert_eq!(refused("--workers"), "`--workers` needs a value: `--workers=VALUE`");
    assert_eq!(refused("-w"), "`-w` needs a value: `-w VALUE`");
    assert_eq!(refused("--workers= "), "`--workers` needs a value: `--workers=VALUE`");
}

#[test]
fn the_variable_of_libtest_gives_workers_unless_an_option_does() {
    let variable: &dyn Fn(&str) -> Option<OsString> =
        &|name| (name == "RUST_TEST_THREADS").then(|| "5".into());
    let around = Surroundings { base: Path::new("."), variable };
    let workers = |line| match parse_binary(os(line), &around) {
        Ok(Parsed::Run(options)) => options.workers.map(NonZeroUsize::get),
        other => panic!("{other:?}"),
    };
    assert_eq!(workers(""), Some(5));
    assert_eq!(workers("-w 2"), Some(2));
}

#[test]
fn failures() {
    let max = |line| binary(line).max_fail.map(NonZeroUsize::get);
    assert_eq!(max("--fail-fast"), Some(1));
    assert_eq!(max("--fail-fast --max-fail 3"), Some(3));
    assert_eq!(max("--max-fail 3 --fail-fast"), Some(1));
    assert_eq!(max("--max-fail=3 --no-fail-fast"), None);
}

#[test]
fn results_in_each_form() {
    let options =
        binary("--result-a=1 --result db::b=x=y --result-c --result d --result-e={\"k\":1}");
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        ("a".to_owned(), text("1")),
        ("db::b".to_owned(), text("x=y")),
        ("c".to_owned(), None),
        ("d".to_owned(), None),
        ("e".to_owned(), text("{\"k\":1}")),
    ];
    assert_eq!(options.mocks, expected);
    assert_eq!(refused("--result-=1"), "a name is missing; write `--result-NAME=VALUE`");
}

#[test]
fn a_result_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("r.json"), "{\"a\": 1}\n").expect("a file");
    let around = Surroundings { base: folder.path(), variable: &|_| None };
    let parsed = parse_binary(os("--result-a=@r.json"), &around).expect("a result");
    let Parsed::Run(options) = parsed else { panic!("help") };
    assert_eq!(options.mocks, [("a".to_owned(), Some("{\"a\": 1}".to_owned()))]);
    let error = parse_binary(os("--result-a=@none"), &around).expect_err("no such file");
    assert!(error.to_string().contains("none"), "{error}");
}

#[test]
fn parameters_of_any_name_that_is_no_option() {
    let options = binary("--env=dev --region=us-west --set workers=3 --env=prod --empty=");
    let pairs = [("empty", ""), ("env", "prod"), ("region", "us-west"), ("workers", "3")];
    let expected = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(options.params, BTreeMap::from(expected));
}

#[test]
fn slips_are_no_parameters() {
    for (line, option) in [
        ("--worker=3", "`--workers`"),
        ("--wrokers=3", "`--workers`"),
        ("--tag=a", "`--tags`"),
        ("--exclud-tag=a", "`--exclude-tags`"),
        ("--timeuot=3", "`--timeout`"),
        ("--colour=always", "`--color`"),
        ("--faetures=x", "`--features`"),
    ] {
        let error = refused(line);
        assert!(error.contains(option) && error.contains("--set"), "{line}: {error}");
    }
    assert_eq!(refused("--wokers"), "unknown option `--wokers`; did you mean `--workers`?",);
    assert!(refused("--env").contains("`--env=VALUE`"));
    assert!(refused("--1=2").contains("--set 1="));
}

#[test]
fn later_parts_and_cargo_are_refused_by_name() {
    assert!(refused("--retries=3").contains("not supported by this version"));
    assert!(refused("--report junit=x").contains("not supported by this version"));
    assert!(refused("-R").contains("not supported by this version"));
    assert!(refused("--release").contains("`mtrun`"));
    assert!(refused("-p x").contains("`mtrun`"));
    assert!(refused("--jobs=3").contains("`--workers`"));
    assert!(refused("--config=prod").contains("--set config=VALUE"));
    assert_eq!(binary("--set retries=3").params["retries"], "3");
}

#[test]
fn parameters_from_the_environment_and_from_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = r#"{"text": "a b", "n": 1.5, "yes": true, "deep": {"k": [1, 2]}}"#;
    std::fs::write(folder.path().join("p.json"), json).expect("a file");
    let variable: &dyn Fn(&str) -> Option<OsString> = &|name| (name == "TOKEN").then(|| "t".into());
    let around = Surroundings { base: folder.path(), variable };
    let line = "--n=2 --params-file p.json --set token=@env:TOKEN";
    let Ok(Parsed::Run(options)) = parse_binary(os(line), &around) else { panic!("refused") };
    let params = options.params;
    assert_eq!(params["text"], "a b");
    assert_eq!(params["n"], "2", "the command line wins over a file");
    assert_eq!(params["yes"], "true");
    assert_eq!(params["deep"], r#"{"k":[1,2]}"#);
    assert_eq!(params["token"], "t");
    let error = parse_binary(os("--set token=@env:NONE"), &around).expect_err("not set");
    assert!(error.to_string().contains("`NONE` is not set"));
}

#[test]
fn show() {
    let show = |line| binary(line).show;
    assert_eq!(show("--list"), Some(Show::List { terse: false }));
    assert_eq!(show("--list --format terse"), Some(Show::List { terse: true }));
    assert_eq!(show("--graph"), Some(Show::Graph(GraphKind::Text)));
    assert_eq!(show("--graph=json x"), Some(Show::Graph(GraphKind::Json)));
    assert_eq!(binary("--graph dot").selection.filters, ["dot"]);
    assert_eq!(show("--dry-run"), Some(Show::DryRun));
    assert!(refused("--list --dry-run").contains("exclude each other"));
    assert_eq!(
        refused("--graph=svg"),
        "`--graph` cannot be `svg`: one of text, dot, mermaid, json is needed"
    );
}

#[test]
fn the_command_line_of_libtest() {
    let line = "name --exact --nocapture --show-output -q --color always --test-threads 2 --skip s";
    let options = binary(line);
    assert!(options.selection.exact && options.nocapture && options.show_output && options.quiet);
    assert_eq!(options.color, ColorChoice::Always);
    assert!(binary("--no-capture").nocapture);
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
fn a_task_alone() {
    assert_eq!(binary("--task db::migrate").selection.only.as_deref(), Some("db::migrate"));
}

#[test]
fn mtrun_sorts_targets_from_what_the_binary_is_told() {
    let line = "t.rs -p pkg --release --env=dev -w 3 orders --features a --result x=1 -- --list n";
    let options = mtrun(line);
    assert_eq!(options.launch.words, ["t.rs", "orders"]);
    let passed = ["--env=dev", "-w", "3", "--result", "x=1", "--list", "n"];
    assert_eq!(options.launch.passed, passed);
    assert_eq!(options.launch.cargo.packages, ["pkg"]);
    assert_eq!(options.launch.cargo.build, ["--features=a", "--release"]);
    assert_eq!(options.run.show, Some(Show::List { terse: false }));
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
fn mtrun_finds_mistakes_in_what_the_binary_is_told() {
    assert!(refused_by_mtrun("-- --wokers").contains("--workers"));
    assert!(refused_by_mtrun("--test orders").contains("`mtrun NAME`"));
    assert!(refused_by_mtrun("--worker=3").contains("--workers"));
}

#[test]
fn help_shows_what_is_relevant() {
    let text = |parsed| match parsed {
        Ok(Parsed::Text(text)) => text,
        _ => panic!("no text"),
    };
    let own = text(parse_binary(os("-h"), &around()).map(|parsed| match parsed {
        Parsed::Text(text) => Parsed::Text::<()>(text),
        Parsed::Run(_) => panic!("no help"),
    }));
    let all = text(parse_mtrun(os("--help"), &around()).map(|parsed| match parsed {
        Parsed::Text(text) => Parsed::Text::<()>(text),
        Parsed::Run(_) => panic!("no help"),
    }));
    assert!(own.contains("Selection:") && !own.contains("Cargo:") && !own.contains("--task"));
    assert!(all.contains("Cargo:") && all.contains("TARGET"));
    let version = parse_mtrun(os("-V"), &around()).expect("a version");
    assert_eq!(version, Parsed::Text(format!("mtrun {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn options_from_the_variable() {
    let args = |text: &str| args_from_variable(Some(text.into()));
    assert_eq!(args(r#"["--tags", "a b"]"#).expect("a list"), ["--tags", "a b"]);
    assert!(args("--tags a").is_err());
    assert!(args("[1]").is_err());
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
fn every_option_of_the_table_has_help() {
    for arg in command(Audience::Mtrun).get_arguments().filter(|arg| !arg.is_hide_set()) {
        assert!(arg.get_help().is_some(), "{}", arg.get_id());
    }
}

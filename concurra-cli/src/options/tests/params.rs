//! Mocks and parameters, and misspelt options that look like them.

use super::*;

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
    assert_eq!(refused("--result-=1"), "a name is missing; write `--result NAME=VALUE`");
}

#[test]
fn a_result_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("r.json"), "{\"a\": 1}\n").expect("a file");
    let around = Surroundings { base: folder.path(), variable: &|_| None };
    let parsed = parse_binary(os("--result-a=@r.json"), &around).expect("a result");
    assert_eq!(parsed.mocks, [("a".to_owned(), Some("{\"a\": 1}".to_owned()))]);
    let error = parse_binary(os("--result-a=@none"), &around).expect_err("no such file");
    assert!(error.to_string().contains("none"), "{error}");
}

#[test]
fn parameters_with_names_of_their_own() {
    let options = binary("--env=dev --region=us-west --set workers=3 --env=prod --empty=");
    let pairs = [("empty", ""), ("env", "prod"), ("region", "us-west"), ("workers", "3")];
    let expected = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(options.params, BTreeMap::from(expected));
}

#[test]
fn a_parameter_needs_a_name_and_a_value() {
    let value = "`--set` cannot be `foo`: its value is missing; write `--set foo=VALUE`";
    assert_eq!(refused("--set foo"), value);
    assert_eq!(refused("--set=foo"), value);
    assert_eq!(refused("--set =x"), "a name is missing; write `--set KEY=VALUE`");
}

#[test]
fn results_and_parameters_are_written_so_that_a_program_reads_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.json"), r#"{"": 1, "a=b": 2}"#).expect("a file");
    let variable: &dyn Fn(&str) -> Option<OsString> = &|name| (name == "TOKEN").then(|| "t".into());
    let around = Surroundings { base: folder.path(), variable };
    let line = "-w 2 --set workers=3 --set result-q=q --result-a=1 --state-file p.json --result b --env=dev \
                --set token=@env:TOKEN word --set=x=y --retries=2 --isolate";
    let options = parse_binary(os(line), &around).expect("options");
    let written = |written: &Written| {
        let argument = written.argument.clone().into_string().expect("Unicode");
        let value = argument[argument.len() - written.value..].to_owned();
        (argument, value, written.mock.clone())
    };
    let option = |argument: &str, value: &str, mock: Option<&str>| {
        (argument.to_owned(), value.to_owned(), mock.map(str::to_owned))
    };
    let expected = [
        option("--set=workers=3", "3", None),
        option("--set=result-q=q", "q", None),
        option("--result-a=1", "1", Some("a")),
        option("--params-file=p.json", "p.json", None),
        option("--result-b", "", Some("b")),
        option("--env=dev", "dev", None),
        option("--token=@env:TOKEN", "@env:TOKEN", None),
        option("--x=y", "y", None),
        option("--retries=2", "", None),
        option("--isolate", "", None),
    ];
    assert_eq!(options.written.iter().map(written).collect::<Vec<_>>(), expected);
    let again = options.written.iter().map(|written| written.argument.clone());
    let again = parse_binary(again, &around).expect("options");
    assert_eq!((&again.params, &again.mocks), (&options.params, &options.mocks));
    assert_eq!(again.written, options.written);
}

#[test]
fn misspelt_options_are_not_parameters() {
    for (line, option) in [
        ("--worker=3", "`--workers`"),
        ("--wrokers=3", "`--workers`"),
        ("--tag=a", "`--tags`"),
        ("--exclud-tag=a", "`--exclude-tags`"),
        ("--timeuot=3", "`--timeout`"),
        ("--colour=always", "`--color`"),
        ("--faetures=x", "`--features`"),
        ("--hlep=1", "`--help`"),
        ("--verison=1", "`--version`"),
    ] {
        let error = refused(line);
        assert!(error.contains(option) && error.contains("--set"), "{line}: {error}");
    }
    assert_eq!(refused("--wokers"), "unknown option `--wokers`; did you mean `--workers`?");
    assert_eq!(refused("--verison"), "unknown option `--verison`; did you mean `--version`?");
    assert!(refused("--env").contains("`--env=VALUE`"));
    assert!(refused("--1=2").contains("--set 1="));
}

#[test]
fn suggestions_are_options_that_the_program_takes() {
    assert_eq!(
        refused_by_mtrun("--releas"),
        "unknown option `--releas`; did you mean `--release`?"
    );
    assert!(!refused("--releas").contains("--release"));
    let near = "`--releas` is too near to the option `--release` to be a parameter; write ";
    let set = "`--set releas=VALUE` for a parameter of that name";
    assert_eq!(refused_by_mtrun("--releas=1"), format!("{near}`--release`, or {set}"));
    assert_eq!(refused("--releas=1"), format!("{near}{set}"));
    assert!(refused("--progres=1").ends_with(
        "later versions to be a parameter; write `--set progres=VALUE` for a parameter of that name"
    ));
}

#[test]
fn options_of_later_versions_and_of_cargo_are_refused() {
    assert!(refused("--async-limit=3").contains("not supported by this version"));
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
    let Ok(options) = parse_binary(os(line), &around) else { panic!("refused") };
    let params = options.params;
    assert_eq!(params["text"], "a b");
    assert_eq!(params["n"], "2", "the command line wins over a file");
    assert_eq!(params["yes"], "true");
    assert_eq!(params["deep"], r#"{"k":[1,2]}"#);
    assert_eq!(params["token"], "t");
    let error = parse_binary(os("--set token=@env:NONE"), &around).expect_err("not set");
    let unset = "`--set token` cannot be `@env:NONE`: the environment variable `NONE` is not set; ";
    assert!(error.to_string().starts_with(unset), "{error}");
    let wrong = |line: &str| parse_binary(os(line), &around).expect_err("no such file").to_string();
    let error = wrong("--params-file=none.json");
    let missing = |file: &str| {
        let path = folder.path().join(file);
        format!("cannot read `{}`: No such file or directory (os error 2)", path.display())
    };
    let missing_params = missing("none.json");
    assert_eq!(error, format!("`--params-file` cannot be `none.json`: {missing_params}"));
    let error = wrong("--result-a=@none");
    assert_eq!(error, format!("`--result-a` cannot be `@none`: {}", missing("none")));
    std::fs::write(folder.path().join("l.json"), "[1]").expect("a file");
    let error = wrong("--state-file=l.json");
    let begin = "`--params-file` cannot be `l.json`: it must hold one JSON object of parameters: ";
    assert!(error.starts_with(begin), "{error}");
}

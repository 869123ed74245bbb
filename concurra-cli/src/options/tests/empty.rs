//! Empty arguments, as unset shell variables leave them.

use super::*;

fn line(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

#[test]
fn mtrun_takes_no_empty_word() {
    for words in [&[""][..], &["t.rs", ""], &["", "t.rs"], &["--", ""], &["t", "--", "a", ""]] {
        let error = parse_mtrun(line(words), &around()).expect_err("an empty word").to_string();
        assert!(error.starts_with("an argument is empty"), "{words:?}: {error}");
    }
}

#[test]
fn a_binary_takes_an_empty_word_as_libtest_does() {
    // rust-analyzer runs the tests of a whole file so.
    let Ok(options) = parse_binary(line(&["", "--show-output"]), &around()) else {
        panic!("refused")
    };
    assert_eq!(options.selection.filters, [""]);
}

#[test]
fn an_empty_value_is_an_error() {
    let options = command(Program::Mtrun).get_arguments().cloned().collect::<Vec<_>>();
    let options = options.iter().filter(|arg| arg.get_action().takes_values());
    // For cargo an empty list means no features.
    let others = ["features"];
    let mut seen = 0;
    for name in options.filter_map(|arg| arg.get_long()).filter(|name| !others.contains(name)) {
        let error = parse_mtrun(line(&[&format!("--{name}=")]), &around()).expect_err(name);
        let error = error.to_string();
        let begin =
            format!("the value of `--{name}` is missing or empty, perhaps from an unset shell");
        assert!(error.starts_with(&begin), "{error}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
    for words in [["--tags", ""], ["-p", ""], ["-w", ""], ["--skip", ""]] {
        let error = parse_mtrun(line(&words), &around()).expect_err("an empty value").to_string();
        assert!(error.contains("is missing or empty"), "{words:?}: {error}");
    }
}

#[test]
fn names_and_files_may_not_be_empty() {
    for (words, wanted) in [
        (["--set", "=x"], "a name is missing; write `--set KEY=VALUE`"),
        (["--result", "=x"], "a name is missing; write `--result NAME=VALUE`"),
        (["--result", "a=@"], "`--result-a` cannot be `@`: a file is missing; write `@FILE`"),
        (["--report", "json="], "a file is missing; write `--report json=FILE`"),
        (["--set", "a=@env:"], "the variable's name is missing; write `@env:VAR`"),
    ] {
        let error = parse_binary(line(&words), &around()).expect_err("empty").to_string();
        assert!(error.contains(wanted), "{words:?}: {error}");
    }
}

#[test]
fn empty_features_parameters_and_results_are_valid() {
    let Ok(options) = parse_mtrun(line(&["--features", "", "--env=", "--result-a="]), &around())
    else {
        panic!("refused")
    };
    assert_eq!(options.launch.cargo.build, ["--features="]);
    assert_eq!(options.run.params["env"], "");
    assert_eq!(options.run.mocks, [("a".to_owned(), Some(String::new()))]);
}

//! Errors do not show what may be secret.

use super::*;

const SECRET: &str = "hunter2hunter2";

fn error(words: &[&str]) -> String {
    let variable: &dyn Fn(&str) -> Option<OsString> = &|_| Some(SECRET.into());
    let around = Surroundings { base: Path::new("/base"), variable };
    let words = words.iter().map(OsString::from).collect::<Vec<_>>();
    let text = parse_binary(words.clone(), &around).expect_err("wrong").to_string();
    assert!(!text.contains(SECRET), "{words:?}: {text}");
    assert_eq!(parse_mtrun(words, &around).expect_err("wrong").to_string(), text);
    text
}

#[test]
fn values_of_parameters_and_results_are_masked() {
    let token = format!("--token={SECRET}");
    let workers = format!("--workers=x{SECRET}");
    let wrong = "`--workers` cannot be `x***`: a number of at least 1 is needed";
    let pair = format!("token={SECRET}");
    for secret in [
        &[token.as_str()][..],
        &["--set", &pair],
        &["--result", &pair],
        &[&format!("--result-token={SECRET}")],
        &[&format!(r#"--result-token={{"a": ["{SECRET}"]}}"#)],
        &["--set", "token=@env:TOKEN"],
    ] {
        // Also where the mistake comes first.
        assert_eq!(error(&[secret, &[&workers]].concat()), wrong);
        assert_eq!(error(&[&[workers.as_str()], secret].concat()), wrong);
    }
    for mistake in [
        format!("--{SECRET}"),
        format!("--report={SECRET}"),
        format!("--params-file=/none/{SECRET}"),
        format!("--result-a=@/none/{SECRET}"),
        format!("--set={SECRET}"),
        format!("--1{SECRET}=x"),
        format!("--exact={SECRET}"),
    ] {
        error(&[&token, &mistake]);
    }
}

#[test]
fn a_short_value_masks_nothing() {
    assert_eq!(
        error(&["--n=1", "--workers=1x"]),
        "`--workers` cannot be `1x`: a number of at least 1 is needed"
    );
}

#[test]
fn messages_of_mtrun_show_no_value() {
    let options = mtrun("six --env=fits --n=7 --result-login=hunter2");
    assert_eq!(options.run.mask("no task matches `fits 7 hunter2`"), "no task matches `*** 7 ***`");
    let options = mtrun("six --env=hun`ter2");
    assert_eq!(options.run.mask("no task matches `hun`ter2`"), "no task matches `***`");
}

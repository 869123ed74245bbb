//! Messages about a wrong plan show no secret.

use concurra_core::{PlanError, Problem, Runner, Selection, State};

const SECRET: &str = "tok-swordfish";

/// A runner whose parameter `token` is secret, with a task that gives a number.
fn runner() -> Runner {
    let state = State::with_params([("token".to_owned(), SECRET.to_owned())].into());
    let mut runner = Runner::new().state(state).secret_params(["token"]);
    runner.add("number", || 7_i64);
    runner
}

/// What is wrong, without the secret.
#[track_caller]
fn wrong(runner: Runner) -> String {
    without_secret(&runner.plan().expect_err("a wrong plan"))
}

#[track_caller]
fn without_secret(error: &PlanError) -> String {
    let shown = error.to_string();
    for text in [&shown, &format!("{error:?}"), &format!("{:?}", error.problems())] {
        assert!(!text.contains("sword"), "{text}");
    }
    let bare = "the selection is wrong: ";
    shown.strip_prefix(bare).map_or_else(|| shown.clone(), str::to_owned)
}

fn select(change: impl FnOnce(&mut Selection)) -> Selection {
    let mut selection = Selection::default();
    change(&mut selection);
    selection
}

#[test]
fn in_a_result_that_does_not_fit() {
    let mock = |text: &str| wrong(runner().mock("number", Some(text)));
    let shown = "the mock of `number` (`--result-number`): ";
    assert_eq!(mock(SECRET), format!("{shown}`***` is not an i64"));
    let plain = r#"`sorry` is not an i64: invalid type: string "sorry", expected i64"#;
    assert_eq!(mock("sorry"), format!("{shown}{plain}"));
    // It stands where the text is cut, and escaped, so that only its reader finds it.
    let before = "x".repeat(55);
    assert_eq!(mock(&format!("{before}{SECRET}")), format!("{shown}`{before}***` is not an i64"));
    mock(r#""tok-\u0073wordfish""#);
    mock(&format!(r#"{{"a": ["{SECRET}"]}}"#));
}

#[test]
fn in_results_of_secret_commands_and_tasks() {
    let mut commands = Runner::new();
    commands.add("number", || 7_i64);
    commands.command("login", ["true"]).secret_env("TOKEN", SECRET);
    assert!(wrong(commands.mock("number", Some(SECRET))).contains("`***`"));
    for given in [SECRET.to_owned(), format!(r#"["{SECRET}"]"#)] {
        let mut secret = Runner::new();
        secret.add("number", || 7_i64);
        secret.add("login", String::new).secret();
        let secret = secret.mock("login", Some(&given)).mock("number", Some(SECRET));
        assert!(wrong(secret).contains("`***`"));
    }
}

#[test]
fn in_names_and_filters() {
    assert!(wrong(runner().mock(SECRET, None)).contains("names no task: `***`"));
    let tags = |text: &str| wrong(runner().select(select(|s| s.tags = vec![text.to_owned()])));
    assert!(tags(SECRET).contains("no task has the tag `***`"));
    assert!(tags(&format!("({SECRET}")).contains("`(***` is not a valid tag"));
    let exclude = select(|selection| selection.exclude_tags = vec![SECRET.to_owned()]);
    let warnings = runner().select(exclude).run().expect("a plan").warnings();
    assert_eq!(warnings, ["no task has the tag `***` of `--exclude-tags`"]);
    let only = select(|selection| selection.only = vec![SECRET.into()]);
    assert!(wrong(runner().select(only)).contains("the target names no task: `***`"));
    let mut named = runner().select(select(|selection| selection.skip = vec![SECRET.to_owned()]));
    named.add(format!("log in with {SECRET}"), || ());
    named.add("pay", || ()).after([format!("log in with {SECRET}")]);
    named.add("wait", || ());
    let report = named.run().expect("a plan");
    assert_eq!(report["pay"].cause().as_deref(), Some("log in with *** is excluded"));
    assert!(!report.to_json().to_string().contains("sword"), "{report}");
    let mut lost = runner();
    lost.add(SECRET, || ()).after([format!("no {SECRET}")]);
    assert!(wrong(lost).contains("`***` ("));
}

#[test]
fn in_names_that_a_tolerant_selection_does_not_know() {
    let tolerant = || {
        select(|selection| {
            selection.tolerant = true;
            selection.tags = vec![SECRET.to_owned()];
        })
    };
    let planned = runner().select(tolerant()).plan().expect("a plan");
    let unknown =
        |shown: &[Problem]| matches!(shown, [Problem::UnknownTag { tag, .. }] if tag == "***");
    assert!(unknown(planned.plan().absent()));
    let error = runner().select(tolerant()).mock("number", Some("x")).plan().expect_err("a mock");
    assert!(unknown(error.absent()));
}

#[test]
fn nor_in_the_head_of_a_run() {
    let selection = select(|selection| {
        selection.tags = vec![format!("!{SECRET},b")];
        selection.filters = vec![format!("n{SECRET}")];
        selection.skip = vec![SECRET.to_owned()];
    });
    let mut runner = runner().select(selection);
    runner.add("other", || ()).tags([SECRET, "b"]);
    let planned = runner.plan().expect("a plan");
    let filter = planned.plan().selection().filter.as_deref();
    assert_eq!(filter, Some("(!*** | b) & name ~ n*** & name !~ ***"));
    assert_eq!(planned.mask("a tok-swordfish"), "a ***");
}

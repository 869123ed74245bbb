//! All problems of a plan are reported at once, before anything runs.

use concurra_core::{Home, Problem, ProblemKind, Runner, Selection, registered_in};

use crate::{edges, error, placeless, runner, selected};

#[test]
fn the_error_of_a_plan_without_tasks_explains_how_to_add_tasks() {
    assert_eq!(
        error(registered_in(Home::of_module("plan", None))),
        "the plan is wrong: there is no task: annotate functions with `#[task]`, without `#[test]` above \
         it; tasks of a library are included by `concurra::link!(its_name)`"
    );
}

#[test]
fn one_added_task_is_enough_for_a_plan() {
    let mut runner = registered_in(Home::of_module("plan", None));
    runner.add("a", || ());
    assert_eq!(edges(runner.plan().expect("a plan").plan()), "a");
}

#[test]
fn the_error_of_an_unknown_dependency_suggests_similar_names() {
    assert_eq!(
        error(runner(&[("pay", "receve", ""), ("receive", "", ""), ("report", "", "")])),
        "the plan is wrong: `pay` (@) comes after `receve`, but no task has that name; did you mean `receive`?"
    );
    assert_eq!(
        error(runner(&[("pay", "nothing_like_it", ""), ("receive", "", "")])),
        "the plan is wrong: `pay` (@) comes after `nothing_like_it`, but no task has that name"
    );
}

#[test]
fn tasks_with_one_name_are_one_problem_with_their_number() {
    assert_eq!(
        error(runner(&[("a", "", ""), ("a", "", ""), ("b", "", ""), ("a", "", "")])),
        "the plan is wrong: 3 tasks are named `a`: @; names must differ"
    );
}

#[test]
fn problems_of_added_tasks_name_the_lines_of_their_calls() {
    let mut runner = Runner::new();
    let line = line!();
    runner.add("a", || ());
    runner.shell("a", "true");
    runner.command("a", ["true"]);
    runner.add_all(["a", "b"].map(|name| (name, || ())));
    runner.add_with_state("a", |_| ());
    runner.add_unnamed(|| ()).after(["nowhere"]);
    let at = |call: u32| format!("concurra-core/tests/plan/problems.rs:{}", line + call);
    let named_a = [1, 2, 3, 4, 5].map(at).join(", ");
    assert_eq!(
        runner.plan().expect_err("the plan is wrong").to_string(),
        format!(
            "the plan is wrong in 2 places:
  - 5 tasks are named `a`: {named_a}; names must differ
  - `6` ({}) comes after `nowhere`, but no task has that name",
            at(6)
        )
    );
}

#[test]
fn the_problem_of_a_cycle_has_its_path() {
    for (tasks, path) in [
        (&[("a", "a", "")][..], "a -> a"),
        (&[("a", "b", ""), ("b", "a", "")], "a -> b -> a"),
        (&[("c", "a", ""), ("b", "c", ""), ("a", "b", "")], "c -> a -> b -> c"),
    ] {
        assert_eq!(
            error(runner(tasks)),
            format!("the plan is wrong: tasks wait for each other: {path} at @")
        );
    }
}

#[test]
fn an_added_task_comes_after_whole_names_alone() {
    let tasks = [("db::load", "", ""), ("pay", "load", ""), ("db::seed", "load", "")];
    assert_eq!(
        error(runner(&tasks)),
        "the plan is wrong in 2 places:
  - `pay` (@) comes after `load`, but no task has that name; did you mean `db::load`?
  - `db::seed` (@) comes after `load`, but no task has that name; did you mean `db::load`?"
    );
    // A task that is added later takes nothing from a plan that was right.
    let tasks = [("db::load", "", ""), ("pay", "db::load", ""), ("da::load", "", "")];
    assert_eq!(
        edges(runner(&tasks).plan().expect("a plan").plan()),
        "db::load pay<db::load da::load"
    );
    let tasks = [("db::load", "", ""), ("load", "", ""), ("pay", "load", "")];
    assert_eq!(edges(runner(&tasks).plan().expect("a plan").plan()), "db::load load pay<load");
}

#[test]
fn the_error_of_an_ambiguous_mock_lists_the_candidates() {
    let tasks = [("db::load", "", ""), ("web::load", "", "")];
    assert_eq!(
        error(runner(&tasks).mock("load", None)),
        "the plan is wrong: a mock (`--result`) names several tasks: `load` could be `db::load` or \
         `web::load`; write the whole name"
    );
}

#[test]
fn a_name_that_only_duplicates_have_is_not_ambiguous() {
    let twice = "the plan is wrong: 2 tasks are named `m::a`: @; names must differ";
    let tasks = [("m::a", "", ""), ("m::a", "", ""), ("b", "m::a", "")];
    assert_eq!(error(runner(&tasks)), twice);
    assert_eq!(error(runner(&tasks).mock("a", None)), twice);
    assert_eq!(error(selected(&tasks, |selection| selection.only = vec!["a".into()])), twice);
    let other = [("m::a", "", ""), ("m::a", "", ""), ("n::a", "", "")];
    let told = error(runner(&other).mock("a", None));
    assert!(told.contains("`a` could be `m::a` or `n::a`; write the whole name"), "{told}");
}

#[test]
fn all_problems_are_reported_at_once_and_nothing_runs() {
    let mut runner = selected(
        &[
            ("twice", "", ""),
            ("twice", "", ""),
            ("lost", "nowhere_at_all", ""),
            ("self", "self", ""),
            ("one", "two", ""),
            ("two", "three", ""),
            ("three", "one", ""),
            ("left", "right", ""),
            ("right", "left", ""),
            ("a::same", "", ""),
            ("b::same", "", ""),
            ("unsure", "same", "known"),
        ],
        |selection| {
            selection.tags = vec!["knwon".to_owned(), "a&".to_owned()];
        },
    )
    .mock("lots", None)
    .mock("same", None);
    runner.add("never", || -> () { unreachable!("the plan is wrong") });
    let error = runner.run().expect_err("the plan is wrong");
    assert_eq!(
        placeless(&error.to_string()),
        "the plan is wrong in 10 places:
  - 2 tasks are named `twice`: @; names must differ
  - `lost` (@) comes after `nowhere_at_all`, but no task has that name
  - `unsure` (@) comes after `same`, but no task has that name; did you mean `a::same` or `b::same`?
  - tasks wait for each other: self -> self at @
  - tasks wait for each other: one -> two -> three -> one at @
  - tasks wait for each other: left -> right -> left at @
  - `--tags` cannot be `a&`: a tag is missing; write `a,b` for either, `a&!b` for `a` without `b`
  - no task has the tag `knwon` of `--tags`; did you mean `known`?
  - a mock (`--result`) names no task: `lots`; did you mean `lost`?
  - a mock (`--result`) names several tasks: `same` could be `a::same` or `b::same`; write the whole name"
    );
    let kinds: Vec<ProblemKind> = error.problems().iter().map(Problem::kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == ProblemKind::Selection).count(), 2);
}

#[test]
fn no_task_is_a_suggestion_for_its_own_dependency() {
    let one = [("setup_database", "setup_databse", "")];
    let unknown = "but no task has that name";
    assert_eq!(
        error(runner(&one)),
        format!("the plan is wrong: `setup_database` (@) comes after `setup_databse`, {unknown}")
    );
    // Three others are shown all the same, in a path as well.
    let tasks = ["m::load1", "m::load2", "m::load3", "m::load4"].map(|name| (name, "", ""));
    for (name, of) in [("m::loads", "m::load1"), ("n::load", "m::load2"), ("load", "m::load3")] {
        let tasks = tasks.map(|task| if task.0 == of { (of, name, "") } else { task });
        let error = error(runner(&tasks));
        let (_, suggestion) = error.split_once("; did you mean ").expect("a suggestion");
        let others = tasks.iter().filter(|task| task.0 != of).map(|task| format!("`{}`", task.0));
        let [first, second, third] = &others.collect::<Vec<_>>()[..] else { panic!("three") };
        assert_eq!(suggestion, format!("{first}, {second} or {third}?"));
    }
    // Another task may mean it.
    let error = error(runner(&[("load", "lod", ""), ("store", "lod", "")]));
    assert!(error.contains("`load` (@) comes after `lod`, but no task has that name\n"), "{error}");
    assert!(
        error
            .contains("`store` (@) comes after `lod`, but no task has that name; did you mean `lo")
    );
}

#[test]
fn unknown_tags_that_choose_nothing_are_warnings() {
    let tasks = [("a", "", "slow"), ("b", "", "fast")];
    let warnings = |choose: fn(&mut Selection)| {
        let report = selected(&tasks, choose).run().expect("a plan");
        assert!(report.is_good());
        assert_eq!(report.tasks().len(), 2);
        report.warnings()
    };
    let excluded = warnings(|selection| selection.exclude_tags = vec!["slwo".to_owned()]);
    assert_eq!(excluded, ["no task has the tag `slwo` of `--exclude-tags`; did you mean `slow`?"]);
    let negated = warnings(|selection| selection.tags = vec!["!other, slow&!x".to_owned()]);
    let others = "of `--tags`; there are `fast`, `slow`";
    assert_eq!(negated, ["other", "x"].map(|tag| format!("no task has the tag `{tag}` {others}")));
    let chosen = selected(&tasks, |selection| selection.tags = vec!["!x&slwo".to_owned()]);
    assert_eq!(
        error(chosen),
        "the selection is wrong: no task has the tag `slwo` of `--tags`; did you mean `slow`?"
    );
}

#[test]
fn tags_that_cannot_be_read_are_errors_with_the_option() {
    for (text, why) in [
        ("a,", "a tag is missing"),
        ("a, ,b", "a tag is missing"),
        ("!a", "`!a` is not a valid tag"),
        ("a,b&c", "`b&c` is not a valid tag"),
    ] {
        let mut selection = Selection::default();
        selection.exclude_tags = vec![text.to_owned()];
        assert_eq!(
            error(runner(&[("a", "", "a b c")]).select(selection)),
            format!(
                "the selection is wrong: `--exclude-tags` cannot be `{text}`: {why}; write tags with \
                 commas between them, as in `a,b`"
            )
        );
    }
}

#[test]
fn a_runner_without_tasks_has_an_empty_good_report() {
    for workers in [1, 2, 8] {
        let (sender, sent) = std::sync::mpsc::channel();
        let runner = Runner::new().workers(workers).on_run_done(move |report| {
            sender.send(report.tasks().len()).expect("a receiver");
        });
        let report = runner.run().expect("a plan");
        assert_eq!(sent.try_iter().collect::<Vec<_>>(), [0]);
        assert!(report.is_good() && report.tasks().is_empty() && report.warnings().is_empty());
        assert_eq!(
            (report.counts().total(), report.to_json()["tasks"].to_string()),
            (0, "[]".into())
        );
        report.verify().expect("good");
        assert!(report.to_string().contains("0 passed in "), "{report}");
        assert!(Runner::new().workers(workers).start().expect("a plan").wait().is_good());
    }
}

#[test]
fn tasks_that_are_not_selected_are_checked_too() {
    let tasks = [("good", "", "t"), ("bad", "nowhere", "")];
    let wrong = selected(&tasks, |selection| selection.tags = vec!["t".to_owned()]);
    assert!(error(wrong).contains("`bad` (@) comes after `nowhere`"));
}

#[test]
fn a_tolerant_selection_reports_unknown_names_as_absent() {
    let tasks = [("a", "", "t"), ("b", "", "")];
    let planned = selected(&tasks, |selection| {
        selection.tolerant = true;
        selection.tags = vec!["t,elsewhere".to_owned()];
    })
    .mock("other_target", None)
    .plan()
    .expect("a plan");
    let absent: Vec<String> = planned.plan().absent().iter().map(ToString::to_string).collect();
    assert_eq!(
        absent,
        [
            "no task has the tag `elsewhere` of `--tags`; there is `t`",
            "a mock (`--result`) names no task: `other_target`"
        ]
    );
    let wrong = selected(&[("a", "a", "")], |selection| selection.tolerant = true);
    let wrong = wrong.mock("other_target", None).plan().expect_err("not tolerated");
    assert_eq!(
        placeless(&wrong.to_string()),
        "the plan is wrong: tasks wait for each other: a -> a at @"
    );
    let absent: Vec<String> = wrong.absent().iter().map(ToString::to_string).collect();
    assert_eq!(absent, ["a mock (`--result`) names no task: `other_target`"]);
}

#[test]
fn the_one_task_to_run_is_never_left_to_another_target() {
    let mut wrong = selected(&[("deploy", "", "")], |selection| {
        selection.tolerant = true;
        selection.only = vec!["deploi".into()];
    });
    wrong.add("never", || -> () { unreachable!("its target has no such task") });
    assert_eq!(
        wrong.run().expect_err("not tolerated").to_string(),
        "the selection is wrong: the target names no task: `deploi`; did you mean `deploy`?"
    );
}

#[test]
fn a_dependency_that_is_named_twice_counts_once() {
    let planned = runner(&[("a", "", ""), ("m::b", "a a", ""), ("c", "m::b m::b a", "")]).plan();
    let plan = planned.expect("a plan");
    assert_eq!(edges(plan.plan()), "a m::b<a c<a,m::b");
}

#[test]
fn a_main_that_returns_the_error_prints_its_message() {
    let error = runner(&[("a", "b", "")]).run().expect_err("a wrong plan");
    assert_eq!(format!("{error:?}"), format!("\n{error}"));
}

#[test]
fn names_stay_on_the_lines_of_their_problems() {
    let mut wrong = selected(
        &[("twice\n", "", ""), ("twice\n", "", ""), ("known", "", "tag"), ("lost", "", "")],
        |selection| selection.tags = vec!["no\ttag".to_owned()],
    )
    .mock("no\u{1b}[31m", None)
    .mock("lost", Some("ok"));
    wrong.add("a\nb", || ()).after(["knwon\r", ""]);
    wrong.add("itself\0", || ()).after(["itself\0"]).current_dir("/");
    assert_eq!(
        error(wrong),
        r#"the plan is wrong in 7 places:
  - `itself\u{0}` is not a command, so `current_dir` has no effect; add it with `command` or `shell`
  - 2 tasks are named `twice\n`: @; names must differ
  - `a\nb` (@) comes after `knwon\r`, but no task has that name; did you mean `known`?
  - `a\nb` (@) comes after `""`, but no task has that name
  - tasks wait for each other: itself\u{0} -> itself\u{0} at @
  - no task has the tag `no\ttag` of `--tags`; there is `tag`
  - a mock (`--result`) names no task: `no\u{1b}[31m`"#
    );
}

//! Which tasks are in the plan, and with which dependencies.

use concurra_core::{PlannedTask, Runner, Selection};

use crate::{edges, error, selected};

/// A diamond with a tail: `a` feeds `b` and `c`, these `d`, that `e`; `x` is apart.
const TASKS: &[(&str, &str, &str)] = &[
    ("m::a", "", "base slow"),
    ("m::b", "m::a", "left"),
    ("n::c", "m::a", "right"),
    ("n::d", "m::b n::c", "left right"),
    ("e", "n::d", "top"),
    ("x", "", "apart slow"),
];

fn plan(choose: impl FnOnce(&mut Selection)) -> String {
    edges(selected(TASKS, choose).plan().expect("a plan").plan())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn without_a_choice_everything_is_chosen() {
    assert_eq!(plan(|_| ()), "m::a m::b<m::a n::c<m::a n::d<m::b,n::c e<n::d x");
}

#[test]
fn tags_choose_and_dependencies_are_pulled_in() {
    for (tags, expected) in [
        (&["apart"][..], "x"),
        (&["apart,base"], "m::a x"),
        (&["apart|base"], "m::a x"),
        (&["slow&!apart"], "m::a"),
        (&["slow", "base"], "m::a"),
        (&["slow", "!base"], "x"),
        (&["left"], "(m::a) m::b<m::a (n::c)<m::a n::d<m::b,n::c"),
        (&["left & right"], "(m::a) (m::b)<m::a (n::c)<m::a n::d<m::b,n::c"),
        (&["left&!right , apart"], "(m::a) m::b<m::a x"),
    ] {
        assert_eq!(plan(|selection| selection.tags = texts(tags)), expected, "{tags:?}");
    }
}

#[test]
fn members_are_chosen_beside_what_filters_choose() {
    let chosen = |filters: &[&str]| {
        plan(|selection| {
            selection.members = texts(&["m::b", "x"]);
            selection.filters = texts(filters);
        })
    };
    assert_eq!(chosen(&[]), "(m::a) m::b<m::a x");
    assert_eq!(chosen(&["::a"]), "m::a m::b<m::a x");
}

#[test]
fn without_dependencies_the_order_through_left_out_tasks_stays() {
    for (tags, expected) in [
        (&["top,base"][..], "m::a e<m::a"),
        (&["top,left"], "m::b n::d<m::b e<n::d"),
        (&["base,left&right"], "m::a n::d<m::a"),
        (&["apart,top"], "e x"),
    ] {
        let chosen = plan(|selection| {
            selection.tags = texts(tags);
            selection.deps = Some(false);
        });
        assert_eq!(chosen, expected, "{tags:?}");
    }
}

#[test]
fn an_always_task_keeps_its_order_through_left_out_tasks() {
    let tasks = &[("a", "", "chosen"), ("b", "", "chosen"), ("between", "b", "")];
    let mut runner = selected(tasks, |selection| selection.tags = texts(&["chosen"]));
    runner.add("cleanup", || ()).after(["a", "between"]).always();
    assert_eq!(edges(runner.plan().expect("a plan").plan()), "a b (cleanup)<a,b");
}

#[test]
fn names_choose_by_a_part_or_exactly() {
    for (filters, exact, expected) in [
        (&["x"][..], false, "x"),
        (&["m::", "x"], false, "m::a m::b<m::a x"),
        (&["a"], false, "m::a"),
        (&["m::b"], true, "(m::a) m::b<m::a"),
        (&["b"], true, ""),
        (&["nothing"], false, ""),
    ] {
        let chosen = plan(|selection| {
            selection.filters = texts(filters);
            selection.exact = exact;
        });
        assert_eq!(chosen, expected, "{filters:?} {exact}");
    }
}

#[test]
fn skipped_and_excluded_tasks_are_left_out() {
    assert_eq!(plan(|selection| selection.skip = texts(&["e", "n::"])), "m::a m::b<m::a x");
    let chosen = plan(|selection| selection.exclude_tags = texts(&["right, top"]));
    assert_eq!(chosen, "m::a m::b<m::a x");
    let exactly = |selection: &mut Selection| {
        selection.exact = true;
        selection.skip = texts(&["e", "::d"]);
    };
    assert_eq!(plan(exactly), "m::a m::b<m::a n::c<m::a n::d<m::b,n::c x");
}

#[test]
fn an_exclusion_wins_over_the_name_of_a_task() {
    for (only, skip, expected) in [("n::d", "m::b", "n::d"), ("n::d", "d", ""), ("n::d", "n::", "")]
    {
        let choose = |selection: &mut Selection| {
            (selection.only, selection.skip) = (vec![only.into()], texts(&[skip]));
        };
        assert_eq!(plan(choose), expected, "{only} without {skip}");
    }
}

#[test]
fn the_head_of_a_run_says_which_filters_hold() {
    let filter = |choose: fn(&mut Selection)| {
        let planned = selected(TASKS, choose).plan().expect("a plan");
        planned.plan().selection().filter.clone().unwrap_or_default()
    };
    let combined =
        filter(|it| (it.tags, it.exclude_tags) = (texts(&["left,base"]), texts(&["top"])));
    assert_eq!(combined, "(left | base) & !top");
    let alone = filter(|it| it.tags = texts(&["left,base & !top"]));
    assert_eq!(alone, "(left | base & !top)");
    let named = filter(|it| {
        (it.tags, it.skip, it.only) = (texts(&["left"]), texts(&["e"]), vec!["x".into()]);
    });
    assert_eq!(named, "name !~ e");
}

/// The tasks of the plan, each with the excluded task that it needs, and whether none is left to run.
fn needs(choose: impl FnOnce(&mut Selection), change: impl FnOnce(Runner) -> Runner) -> String {
    let planned = change(selected(TASKS, choose)).plan().expect("a plan");
    let plan = planned.plan();
    let task = |task: &PlannedTask| match task.needs_excluded() {
        Some(needed) => format!("{}!{needed}", task.name()),
        None => task.name().to_owned(),
    };
    let mut tasks = plan.tasks().iter().map(task).collect::<Vec<_>>();
    tasks.extend(plan.selects_nothing().then(|| "nothing".to_owned()));
    tasks.join(" ")
}

#[test]
fn tasks_that_need_an_excluded_one_are_skipped() {
    let skip = |filters: &[&str], skip: &[&str]| {
        let [filters, skip] = [filters, skip].map(texts);
        let choose =
            |selection: &mut Selection| (selection.filters, selection.skip) = (filters, skip);
        needs(choose, |runner| runner)
    };
    // However far down they are; other tasks run.
    assert_eq!(skip(&[], &["m::a"]), "m::b!m::a n::c!m::a n::d!m::a e!m::a x");
    // Of several excluded tasks the first one is the cause.
    assert_eq!(skip(&[], &["n::c", "m::b"]), "m::a n::d!m::b e!m::b x");
    // What a skipped task needs besides is not pulled in.
    assert_eq!(skip(&["n::d", "x"], &["m::b"]), "n::d!m::b x");
    assert_eq!(skip(&["e"], &["m::a"]), "e!m::a nothing");
    assert_eq!(skip(&["m::a"], &["m::a"]), "nothing");
    let by_tag = |selection: &mut Selection| selection.exclude_tags = texts(&["base"]);
    assert_eq!(needs(by_tag, |runner| runner), "m::b!m::a n::c!m::a n::d!m::a e!m::a x");
    let planned = selected(TASKS, by_tag).plan().expect("a plan");
    let head = planned.plan().selection();
    assert_eq!((head.chosen, head.pulled_in, head.skipped, head.left_out), (5, 0, 4, 1));
}

#[test]
fn mocks_no_deps_and_run_dependents_keep_tasks_from_being_skipped() {
    let skip = |selection: &mut Selection| selection.skip = texts(&["m::a"]);
    let mocked = needs(skip, |runner| runner.mock("m::a", None));
    assert_eq!(mocked, "m::a m::b n::c n::d e x");
    assert_eq!(
        needs(skip, |runner| runner.mock("m::b", None)),
        "m::b n::c!m::a n::d!m::a e!m::a x"
    );
    assert_eq!(needs(skip, |runner| runner.run_dependents(true)), "m::b n::c n::d e x");
    let without = |selection: &mut Selection| {
        skip(selection);
        selection.deps = Some(false);
    };
    assert_eq!(needs(without, |runner| runner), "m::b n::c n::d e x");
    let named = |selection: &mut Selection| {
        skip(selection);
        selection.only = vec!["m::b".into()];
    };
    assert_eq!(needs(named, |runner| runner), "m::b");
    let with_deps = |selection: &mut Selection| {
        named(selection);
        selection.deps = Some(true);
    };
    assert_eq!(needs(with_deps, |runner| runner), "m::b!m::a nothing");
    let mocked = needs(with_deps, |runner| runner.mock("x", None));
    assert_eq!(mocked, "m::b!m::a x nothing");
}

#[test]
fn always_tasks_run_without_what_is_excluded_unless_they_are_excluded_too() {
    let plan = |skip: &[&str]| {
        let choose = |selection: &mut Selection| {
            (selection.filters, selection.skip) = (texts(&["n::d", "x"]), texts(skip));
        };
        let add = |mut runner: Runner| {
            runner.add("cleanup", || ()).after(["m::a", "x"]).always();
            runner.add("report", || ()).after(["cleanup"]).always();
            runner
        };
        needs(choose, add)
    };
    assert_eq!(plan(&["m::a"]), "n::d!m::a x cleanup report");
    assert_eq!(plan(&["m::a", "cleanup"]), "n::d!m::a x");
    assert_eq!(plan(&["m::a", "x"]), "n::d!m::a nothing");
}

#[test]
fn one_task_runs_alone_unless_its_dependencies_are_asked_for() {
    let alone = selected(TASKS, |selection| selection.only = vec!["d".into()]);
    let alone = alone.plan().expect("a plan");
    assert_eq!(edges(alone.plan()), "n::d");
    assert_eq!(alone.plan().selection().dependencies_left, Some(2));
    let with = selected(TASKS, |selection| {
        selection.only = vec!["n::d".into()];
        selection.deps = Some(true);
    });
    let with = with.plan().expect("a plan");
    assert_eq!(edges(with.plan()), "(m::a) (m::b)<m::a (n::c)<m::a n::d<m::b,n::c");
    assert_eq!(with.plan().selection().dependencies_left, None);
    let two = selected(TASKS, |selection| selection.only = vec!["d".into(), "n::c".into()]);
    let two = two.plan().expect("a plan");
    assert_eq!(edges(two.plan()), "n::c n::d<n::c");
    assert_eq!(two.plan().selection().dependencies_left, Some(2), "those of both, each once");
    let unknown = selected(TASKS, |selection| selection.only = vec!["m::bb".into()]);
    let unknown = error(unknown);
    assert!(unknown.contains("names no task: `m::bb`; did you mean `m::b`"), "{unknown}");
}

#[test]
fn the_summary_describes_the_selection() {
    let head = |choose: fn(&mut Selection)| {
        let planned = selected(TASKS, choose).plan().expect("a plan");
        let head = planned.plan().selection();
        (head.total, head.chosen, head.pulled_in, head.filter.clone().unwrap_or_default())
    };
    assert_eq!(head(|_| ()), (6, 6, 0, String::new()));
    assert_eq!(
        head(|selection| selection.tags = texts(&["left,right", "!base"])),
        (6, 3, 1, "(left | right) & !base".to_owned())
    );
    assert_eq!(
        head(|selection| {
            selection.filters = texts(&["m::", "x"]);
            selection.exclude_tags = texts(&["left"]);
            selection.skip = texts(&["a"]);
        }),
        (6, 1, 0, "!left & (name ~ m:: | name ~ x) & name !~ a".to_owned())
    );
}

#[test]
fn left_out_tasks_are_known_by_name() {
    let planned = selected(TASKS, |selection| selection.tags = texts(&["base"]));
    let planned = planned.plan().expect("a plan");
    assert_eq!(planned.plan().left_out(), ["m::b", "n::c", "n::d", "e", "x"]);
}

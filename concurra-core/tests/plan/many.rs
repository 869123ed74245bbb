//! Plans with very many problems, or with very long ones.

use concurra_core::{Problem, Runner};

use crate::{error, placeless};

/// Tasks each of which comes after a name that no task has.
fn lost(tasks: usize, name: impl Fn(usize) -> String) -> Runner {
    let mut runner = Runner::new();
    for task in 0..tasks {
        runner.add(format!("shop::task {task}"), || ()).after([name(task)]);
    }
    runner
}

/// For how many of the unknown names the plan looked for similar ones.
fn looked_for(problems: &[Problem]) -> usize {
    let near = problems.iter().filter_map(|problem| match problem {
        Problem::UnknownDependency { nearest, .. } => Some(nearest),
        _ => None,
    });
    near.filter(|near| !near.is_empty()).count()
}

#[test]
fn the_error_has_all_unknown_names_and_its_message_the_first_hundred() {
    let told = lost(2000, |task| format!("shop::taks {task}")).plan().expect_err("unknown names");
    assert_eq!(told.problems().len(), 2000);
    let text = placeless(&told.to_string());
    assert!(
        text.starts_with("the plan is wrong in 2,000 places:\n  - `shop::task 0` (@) comes after")
    );
    assert!(text.ends_with("\n  … and 1,900 more"), "{}", &text[text.len() - 200..]);
    assert_eq!(text.lines().count(), 102);
    // Each problem that the message shows has suggestions. More searches would take long.
    assert_eq!(text.matches("; did you mean `shop::task ").count(), 100);
    assert_eq!(looked_for(told.problems()), 100);
}

#[test]
fn a_name_that_many_tasks_use_is_searched_once() {
    let told = lost(300, |task| format!("shop::taks {}", task % 3)).plan().expect_err("unknown");
    assert_eq!(looked_for(told.problems()), 300);
}

#[test]
fn the_message_of_a_very_long_cycle_has_its_ends() {
    let cycle = |tasks: usize| {
        let mut runner = Runner::new();
        for task in 0..tasks {
            runner.add(task.to_string(), || ()).after([((task + 1) % tasks).to_string()]);
        }
        error(runner)
    };
    assert_eq!(
        cycle(1000),
        "the plan is wrong: tasks wait for each other: 0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> \
         … 990 more … -> 998 -> 999 -> 0 at @"
    );
    assert!(
        cycle(20)
            .ends_with(" 9 -> 10 -> 11 -> 12 -> 13 -> 14 -> 15 -> 16 -> 17 -> 18 -> 19 -> 0 at @")
    );
}

#[test]
fn the_message_of_a_very_ambiguous_name_has_some_candidates() {
    let mut runner = Runner::new();
    for task in 0..1000 {
        runner.add(format!("m{task}::load"), || ());
    }
    let told = error(runner.mock("load", None));
    assert!(told.contains("`m8::load`, `m9::load` or 990 more; write the whole name"), "{told}");
}

//! Which tasks run: all, by tag, with their dependencies or without.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Ran, mtrun};

const SIX: &str = "PASS test_a test_b test_c test_e, FAIL test_d, SKIP test_f";

/// The tasks of `layers` in these layers.
fn layers(which: &[u32]) -> String {
    let tasks = which.iter().flat_map(|layer| {
        let count = if *layer == 1 { 5 } else { 6 };
        (0..count).map(move |number| format!("l{layer}_{number}"))
    });
    format!("PASS {}", tasks.collect::<Vec<_>>().join(" "))
}

fn marked(ran: &Ran) -> BTreeSet<String> {
    ran.lines().into_iter().filter(|line| line.dependency).map(|line| line.name).collect()
}

#[test]
fn the_six_tasks_of_which_one_fails() {
    for workers in ["1", "2", "8"] {
        mtrun(&["tests/six.rs", "-w", workers])
            .exits(100)
            .ended(SIX)
            .prints(&["selected 6 of 6\nrunning 6 tasks on"])
            .prints(&["test_f (skipped: test_d failed)\n", "---- FAIL test_d ----"])
            .prints(&["==== 4 passed, 1 failed, 1 skipped in "]);
    }
}

#[test]
fn dependents_run_when_asked_to() {
    let ended = "PASS test_a test_b test_c test_e test_f, FAIL test_d";
    mtrun(&["six", "--run-dependents"]).exits(100).ended(ended);
}

#[test]
fn thirty_five_tasks_in_six_layers() {
    mtrun(&["layers"]).exits(0).ended(&layers(&[1, 2, 3, 4, 5, 6])).prints(&["==== 35 passed in "]);
}

#[test]
fn tags_with_a_comma_are_either() {
    let ran = mtrun(&["layers", "--tags", "layer1,layer2"]).exits(0).ended(&layers(&[1, 2]));
    let ran = ran.prints(&["selected 11 of 35: (layer1 | layer2)\nrunning 11 tasks on"]);
    assert!(marked(&ran).is_empty());
}

#[test]
fn two_options_for_tags_choose_by_both() {
    let ran = mtrun(&["layers", "--tags", "layer4", "--tags", "capA"]).exits(0);
    let ran = ran.prints(&["selected 2 of 35: layer4 & capA; "]);
    let chosen = ran.lines().into_iter().filter(|line| !line.dependency);
    let chosen = chosen.map(|line| line.name).collect::<BTreeSet<_>>();
    assert_eq!(chosen, BTreeSet::from(["l4_0", "l4_3"].map(str::to_owned)));
    // The other tasks are the dependencies of those two.
    let edges = edges();
    let needed = ["l4_0", "l4_3"].iter().flat_map(|task| above(task, &edges)).collect();
    assert_eq!(marked(&ran), needed);
    mtrun(&["layers", "--tags", "layer4", "--tags", "capA", "--no-deps"])
        .exits(0)
        .ended("PASS l4_0 l4_3");
}

#[test]
fn an_expression_leaves_a_tag_out() {
    mtrun(&["layers", "--tags", "layer1&!capA"])
        .exits(0)
        .ended("PASS l1_1 l1_2 l1_4")
        .prints(&["selected 3 of 35: layer1 & !capA\n"]);
    mtrun(&["layers", "--tags", "layer1", "--exclude-tags", "capA,capB"])
        .exits(0)
        .ended("PASS l1_2");
}

#[test]
fn dependencies_of_chosen_tasks_run_and_are_marked() {
    let ran = mtrun(&["layers", "--tags", "layer3"]).exits(0).ended(&layers(&[1, 2, 3]));
    let ran = ran.prints(&["selected 6 of 35: layer3; 11 dependencies pulled in (dep)\n"]);
    let marked = marked(&ran);
    assert_eq!(marked.len(), 11);
    assert!(marked.iter().all(|name| !name.starts_with("l3")), "{marked:?}");
}

#[test]
fn without_dependencies_only_the_chosen_run() {
    mtrun(&["layers", "--tags", "layer3", "--no-deps"]).exits(0).ended(&layers(&[3]));
}

#[test]
fn order_stays_where_it_ran_through_a_task_left_out() {
    let edges = edges();
    for workers in ["1", "2", "2", "8", "8", "8"] {
        let tags = ["layers", "--tags", "layer1,layer3,layer6", "--no-deps", "-w", workers];
        let ran = mtrun(&tags).exits(0).ended(&layers(&[1, 3, 6]));
        let order = ran.names();
        for (place, task) in order.iter().enumerate() {
            let above = above(task, &edges);
            let late = order[place..].iter().find(|later| above.contains(*later));
            assert_eq!(late, None, "{task} ended before what it needs: {order:?}");
        }
    }
}

#[test]
fn one_worker_runs_ready_tasks_in_source_order() {
    let ran = mtrun(&["layers", "-w", "1", "--tags", "layer1,layer2"]).exits(0);
    let mut sorted = ran.names();
    sorted.sort();
    assert_eq!(ran.names()[..5], sorted[..5]);
}

#[test]
fn filters_skips_and_whole_names() {
    mtrun(&["six", "test_b"]).exits(0).ended("PASS test_a test_b").prints(&["test_a (dep)"]);
    mtrun(&["layers", "l1_", "l2_0", "--no-deps", "--skip", "_3"])
        .exits(0)
        .ended("PASS l1_0 l1_1 l1_2 l1_4 l2_0");
    mtrun(&["six", "--exact", "test_a"]).exits(0).ended("PASS test_a");
    mtrun(&["six", "--exact", "test_"]).exits(4);
}

#[test]
fn lists_and_graphs_are_empty_when_nothing_is_selected() {
    for show in ["--list", "--dry-run", "--graph", "--graph=dot", "--graph=mermaid", "--graph=json"]
    {
        let ran = mtrun(&["six", "zzz", show]).exits(4);
        let line =
            "error: nothing was selected: no task matches `zzz`; `mtrun --list` prints all tasks\n";
        assert_eq!((ran.out.as_str(), ran.complaint()), ("", line), "{show}");
    }
}

#[test]
fn an_unknown_tag_is_refused_with_the_nearest() {
    mtrun(&["layers", "--tags", "layr1"])
        .exits(94)
        .ended("")
        .complains("no task has the tag `layr1` of `--tags`; did you mean `layer1`?");
}

#[test]
fn an_unknown_tag_that_leaves_out_nothing_is_a_warning_with_the_nearest() {
    for tags in [["--tags", "!layr1"], ["--exclude-tags", "layr1"]] {
        let option = tags[0];
        let warning =
            format!("warning: no task has the tag `layr1` of `{option}`; did you mean `layer1`?\n");
        mtrun(&[&["layers"], &tags[..]].concat()).exits(0).prints(&[&warning]);
        for show in ["--list", "--graph=dot", "--dry-run"] {
            mtrun(&[&["layers", show], &tags[..]].concat()).exits(0).complains(&warning);
        }
    }
    mtrun(&["layers", "--exclude-tags", "a&b"])
        .exits(94)
        .complains("`--exclude-tags` cannot be `a&b`: `a&b` is not a valid tag");
}

#[test]
fn tasks_that_need_an_excluded_one_are_skipped_and_the_run_is_good() {
    for more in [&["-w", "1"][..], &["-w", "2"], &["-w", "8", "--isolate"]] {
        mtrun(&[&["six", "--skip", "test_d", "--skip", "test_c"], more].concat())
            .exits(0)
            .ended("PASS test_a test_b, SKIP test_e test_f")
            .prints(&["selected 4 of 6: name !~ test_d & name !~ test_c"])
            .prints(&["; 2 skipped (what they need is excluded)\n"])
            .prints(&["running 2 tasks (2 skipped) on "])
            .prints(&["test_e (skipped: test_c is excluded)\n"])
            .prints(&["==== 2 passed, 2 skipped in "]);
    }
    mtrun(&["hooks", "--graph"]).exits(0).prints(&["levels         1 (the widest has 1 task)\n"]);
    mtrun(&["six", "--skip=test_d"]).prints(&["; 1 skipped (what it needs is excluded)\n"]);
    mtrun(&["layers", "--tags", "layer2", "--exclude-tags", "capA"])
        .exits(0)
        .prints(&["l2_5 (skipped: l1_0 is excluded)\n"]);
    let list = mtrun(&["six", "--skip=test_c", "test_e", "test_a", "--list"]).exits(0);
    assert!(list.out.contains("test_e (skipped: test_c is excluded)\n"), "{}", list.out);
    mtrun(&["six", "--skip=test_c", "--dry-run"]).exits(0).prints(&["(skipped: test_c is excl"]);
    mtrun(&["six", "--skip=test_c", "--graph"]).exits(0).prints(&["(skipped: test_c is excl"]);
    let graph = mtrun(&["six", "--skip=test_c", "--graph=json"]).exits(0);
    assert!(graph.out.contains(r#""needs_excluded": "test_c""#), "{}", graph.out);
}

#[test]
fn mocks_and_run_dependents_win_over_exclusion() {
    mtrun(&["six", "--skip=test_c", "--result-test_c", "test_e"])
        .exits(0)
        .ended("PASS test_e, MOCK test_c");
    mtrun(&["six", "--skip=test_c", "test_e", "--run-dependents"]).exits(0).ended("PASS test_e");
    mtrun(&["six", "--skip=test_c", "test_e", "--no-deps"]).exits(0).ended("PASS test_e");
}

#[test]
fn nothing_is_selected_when_every_chosen_task_needs_an_excluded_one() {
    for show in [&[][..], &["--list"], &["--graph"], &["--dry-run"]] {
        mtrun(&[&["six", "test_f", "--skip=test_a"], show].concat())
            .exits(4)
            .ended("")
            .complains("nothing was selected: what the chosen tasks need is excluded; mock it");
    }
}

#[test]
fn no_tests_decides_what_nothing_selected_means() {
    for show in [&[][..], &["--list"], &["--dry-run"]] {
        let with = |more: &str| mtrun(&[&["six", "zzz", more], show].concat());
        with("--no-tests=fail").exits(4).complains("error: nothing was selected: no task");
        with("--no-tests=warn").exits(0).complains("warning: nothing was selected: no task");
        let ran = with("--no-tests=pass").exits(0);
        assert_eq!((ran.out.as_str(), ran.complaint()), ("", ""));
    }
    mtrun(&["six", "layers", "zzz", "--no-tests=pass"]).exits(0);
    mtrun(&["six", "test_d", "--no-tests=pass"]).exits(100);
    mtrun(&["--bins", "-p", "broken", "--no-tests=warn"]).exits(0).complains("warning: no target");
    mtrun(&["--bins", "-p", "broken"]).exits(4).complains("error: no target");
    mtrun(&["six", "--graph", "json"])
        .exits(4)
        .complains("; the kind of a graph is written `--graph=json`\n");
    mtrun(&["six", "--no-tests=auto"])
        .exits(94)
        .complains("`--no-tests` cannot be `auto`: one of pass, warn, fail is needed");
}

#[test]
fn ignored_tasks_run_when_named_or_asked_for() {
    mtrun(&["values", "board"]).exits(0).ended("IGNORE board");
    mtrun(&["values", "flash", "--include-ignored"]).exits(0).ended("PASS board flash");
    mtrun(&["values", "--ignored"]).exits(0).ended("PASS board");
    mtrun(&["tests/values.rs::board"]).exits(0).ended("PASS board");
}

#[test]
fn a_task_in_a_module_is_not_another_of_the_same_name() {
    mtrun(&["tests/values.rs::nested::text"]).exits(0).ended("PASS nested::text");
    mtrun(&["tests/values.rs::text"]).exits(0).ended("PASS text");
}

/// The dependencies of each task of `layers`, from `--list`.
fn edges() -> BTreeMap<String, Vec<String>> {
    let list = mtrun(&["layers", "--list"]).exits(0).out;
    let lines = list.lines().filter_map(|line| {
        let (name, rest) = line.split_once(' ')?;
        let after = rest.split_once("after ").map_or("", |(_, after)| after);
        let after = after.split(", ").filter(|name| !name.is_empty());
        name.starts_with('l').then(|| (name.to_owned(), after.map(str::to_owned).collect()))
    });
    let edges = lines.collect::<BTreeMap<String, Vec<String>>>();
    assert_eq!(edges.len(), 35, "{list}");
    edges
}

/// Everything that a task needs.
fn above(task: &str, edges: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let direct = &edges[task];
    let further = direct.iter().flat_map(|task| above(task, edges));
    further.chain(direct.iter().cloned()).collect()
}

#[test]
fn names_in_another_form_of_unicode_are_spelled_out() {
    let decomposed = "gro\u{308}\u{df}e";
    let spelled = r"`gro\u{308}ße`";
    mtrun(&["six", decomposed]).exits(4).complains(&format!("no task matches {spelled}"));
    mtrun(&["layers", "--tags", decomposed])
        .exits(94)
        .complains(&format!("no task has the tag {spelled}"));
}

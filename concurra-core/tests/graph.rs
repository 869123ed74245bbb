//! Rows, order, cycles and shape against brute force.

use std::collections::BTreeSet;

use concurra_core::{Graph, Rows, Shape, TaskId, depths};
use proptest::prelude::*;

fn graph(needs: &[Vec<usize>]) -> Graph {
    let mut rows = Rows::default();
    for row in needs {
        rows.push(row.iter().map(|need| TaskId::from(*need)));
    }
    Graph::new(rows)
}

fn ids(tasks: &[usize]) -> Vec<TaskId> {
    tasks.iter().map(|task| TaskId::from(*task)).collect()
}

fn any_needs(most: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    (1..=most)
        .prop_flat_map(|tasks| prop::collection::vec(prop::collection::vec(0..tasks, 0..4), tasks))
}

/// Edges only to earlier tasks of a random order.
fn acyclic_needs(most: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    (any_needs(most), any::<u64>()).prop_map(|(needs, seed)| {
        let key = |task: usize| (task as u64 + 1).wrapping_mul(seed | 1).rotate_left(17);
        let earlier = |task: usize, need: &usize| (key(*need), *need) < (key(task), task);
        let keep = |(task, row): (usize, Vec<usize>)| {
            row.into_iter().filter(|need| earlier(task, need)).collect()
        };
        needs.into_iter().enumerate().map(keep).collect()
    })
}

/// For each task everything that it can reach, by asking again until nothing is new.
fn reach(needs: &[Vec<usize>]) -> Vec<BTreeSet<usize>> {
    let mut reach: Vec<BTreeSet<usize>> =
        needs.iter().map(|row| row.iter().copied().collect()).collect();
    loop {
        let before = reach.clone();
        for task in 0..needs.len() {
            for through in before[task].clone() {
                let further = before[through].clone();
                reach[task].extend(further);
            }
        }
        if reach == before {
            return reach;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn rows_are_sorted_sets_and_dependents_their_mirror(needs in any_needs(12)) {
        let graph = graph(&needs);
        let mut edges = 0;
        for (task, row) in needs.iter().enumerate() {
            let row: BTreeSet<TaskId> = row.iter().map(|need| TaskId::from(*need)).collect();
            edges += row.len();
            prop_assert_eq!(graph.dependencies(task.into()), row.into_iter().collect::<Vec<_>>());
            let waits = |other: &usize| needs[*other].contains(&task);
            let mirror: Vec<usize> = (0..needs.len()).filter(waits).collect();
            prop_assert_eq!(graph.dependents(task.into()), ids(&mirror));
        }
        prop_assert_eq!(graph.edges(), edges);
        prop_assert_eq!(graph.len(), needs.len());
        prop_assert!(!graph.is_empty());
    }

    #[test]
    fn order_takes_the_first_in_source_order_each_time(needs in any_needs(12)) {
        let mut placed: Vec<usize> = Vec::new();
        let ready = |placed: &[usize], task: usize| {
            !placed.contains(&task) && needs[task].iter().all(|need| placed.contains(need))
        };
        while let Some(next) = (0..needs.len()).find(|task| ready(&placed, *task)) {
            placed.push(next);
        }
        prop_assert_eq!(graph(&needs).order(), ids(&placed));
    }

    #[test]
    fn cycles_are_real_share_nothing_and_none_is_left_beside_them(needs in any_needs(10)) {
        let graph = graph(&needs);
        let cycles = graph.cycles();
        let mut seen = BTreeSet::new();
        for cycle in &cycles {
            prop_assert_eq!(cycle.first(), cycle.iter().min(), "it begins with its first task");
            for (at, task) in cycle.iter().enumerate() {
                let next = cycle[(at + 1) % cycle.len()];
                prop_assert!(graph.dependencies(*task).contains(&next));
                prop_assert!(seen.insert(*task), "two cycles share a task");
            }
        }
        // Every knot, that is every set of tasks that reach each other, has a cycle reported.
        let reach = reach(&needs);
        for task in (0..needs.len()).filter(|task| reach[*task].contains(task)) {
            let knot = |other: &TaskId| {
                reach[task].contains(&other.index()) && reach[other.index()].contains(&task)
            };
            prop_assert!(seen.iter().any(knot), "the cycle of {} is not reported", task);
        }
    }

    #[test]
    fn shape_agrees_with_counting(needs in acyclic_needs(12)) {
        let graph = graph(&needs);
        let level = |task: usize| longest(&needs, task);
        let levels: Vec<usize> = (0..needs.len()).map(level).collect();
        prop_assert_eq!(&depths(&graph), &levels);
        let shape = Shape::of(&graph);
        let most = levels.iter().copied().max().unwrap_or(0);
        let count = |wanted| levels.iter().filter(|level| **level == wanted).count();
        prop_assert_eq!(shape.levels, (0..=most).map(count).collect::<Vec<_>>());
        let fan_ins: Vec<_> = graph.tasks().map(|task| graph.dependencies(task).len()).collect();
        let fan_outs: Vec<_> = graph.tasks().map(|task| graph.dependents(task).len()).collect();
        prop_assert_eq!(shape.roots, fan_ins.iter().filter(|count| **count == 0).count());
        prop_assert_eq!(shape.leaves, fan_outs.iter().filter(|count| **count == 0).count());
        prop_assert_eq!(shape.fan_in, first_largest(&fan_ins));
        prop_assert_eq!(shape.fan_out, first_largest(&fan_outs));
        prop_assert_eq!(shape.longest_chain.len(), most + 1);
        for pair in shape.longest_chain.windows(2) {
            prop_assert!(graph.dependencies(pair[1]).contains(&pair[0]));
        }
    }
}

fn longest(needs: &[Vec<usize>], task: usize) -> usize {
    needs[task].iter().map(|need| longest(needs, *need) + 1).max().unwrap_or(0)
}

fn first_largest(counts: &[usize]) -> Option<(TaskId, usize)> {
    let largest = *counts.iter().max()?;
    let first = counts.iter().position(|count| *count == largest)?;
    (largest > 0).then_some((first.into(), largest))
}

#[test]
fn cycles_of_every_kind_are_found() {
    for (needs, cycles) in [
        (vec![vec![0]], vec![vec![0]]),
        (vec![vec![1], vec![0]], vec![vec![0, 1]]),
        (vec![vec![1], vec![2], vec![0]], vec![vec![0, 1, 2]]),
        // Two apart, a task before them and one behind.
        (
            vec![vec![], vec![0, 2], vec![1], vec![4], vec![3], vec![1, 3]],
            vec![vec![1, 2], vec![3, 4]],
        ),
        // One inside another: both share tasks, so the graph reports one of them.
        (vec![vec![1], vec![0, 2], vec![0]], vec![vec![0, 1]]),
        (vec![vec![], vec![0], vec![0, 1]], vec![]),
        (vec![], vec![]),
    ] {
        let found = graph(&needs).cycles();
        assert_eq!(found, cycles.iter().map(|cycle| ids(cycle)).collect::<Vec<_>>(), "{needs:?}");
    }
}

#[test]
fn tasks_on_a_cycle_and_their_dependents_are_not_in_the_order() {
    let graph = graph(&[vec![], vec![2], vec![1], vec![2], vec![0]]);
    assert_eq!(graph.order(), ids(&[0, 4]));
}

const MILLION: usize = 1_000_000;

/// Runs on a small stack, so that recursion would overflow it.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 * 1024).spawn(work);
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn a_chain_of_a_million_needs_no_deep_stack() {
    on_a_small_stack(|| {
        // Against source order, so that nothing is ready early.
        let mut rows = Rows::with_capacity(MILLION, MILLION);
        for task in 0..MILLION {
            rows.push((task + 1 < MILLION).then(|| TaskId::from(task + 1)));
        }
        let chain = Graph::new(rows);
        assert!(chain.order().iter().rev().copied().eq(chain.tasks()));
        assert!(chain.cycles().is_empty());
        let shape = Shape::of(&chain);
        assert_eq!(shape.longest_chain.len(), MILLION);
        assert_eq!((shape.roots, shape.leaves), (1, 1));
    });
}

#[test]
fn a_cycle_of_a_million_is_found_whole() {
    on_a_small_stack(|| {
        let mut rows = Rows::with_capacity(MILLION, MILLION);
        (0..MILLION).for_each(|task| rows.push([TaskId::from((task + 1) % MILLION)]));
        let cycles = Graph::new(rows).cycles();
        assert_eq!(cycles.iter().map(Vec::len).collect::<Vec<_>>(), [MILLION]);
    });
}

#[test]
fn a_hundred_thousand_small_cycles_are_found_in_no_time() {
    // Pairs, and all of them behind one task: work that grows with the square would not end.
    let pairs = 100_000;
    let mut rows = Rows::default();
    (0..2 * pairs).for_each(|task| rows.push([TaskId::from(task ^ 1)]));
    assert_eq!(Graph::new(rows).cycles().len(), pairs);
}

#[test]
fn a_knot_of_a_hundred_thousand_is_one_cycle() {
    // Each waits for the next and for the first: as many cycles as tasks, all through the first.
    let tasks = 100_000;
    let mut rows = Rows::default();
    (0..tasks).for_each(|task| rows.push([0, (task + 1) % tasks].map(TaskId::from)));
    assert_eq!(Graph::new(rows).cycles(), [ids(&[0])]);
}

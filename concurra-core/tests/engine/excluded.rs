//! Tasks that need an excluded task.

use concurra_core::{Outcome, Runner, Selection};

use crate::support::{WIDTHS, run};

/// `build` -> `put` -> `ship` -> `tell`, `put` is excluded, and `clean` runs always.
fn runner(workers: usize) -> Runner {
    let mut selection = Selection::default();
    selection.skip = vec!["put".to_owned()];
    let mut runner = Runner::new().workers(workers).select(selection);
    runner.add("build", || ());
    runner.add("put", || -> () { panic!("it is excluded") }).after(["build"]);
    runner.add("ship", || ()).after(["put", "fails"]);
    runner.add("tell", || ()).after(["ship"]);
    runner.add("clean", || ()).after(["ship"]).always();
    runner.add("fails", || ());
    runner
}

#[test]
fn they_are_skipped_with_the_root_cause_and_the_run_is_good() {
    for workers in WIDTHS {
        let report = run(runner(workers));
        assert!(report.is_good(), "{report}");
        for task in ["ship", "tell"] {
            let task = &report[task];
            assert_eq!(task.outcome(), Outcome::Skipped);
            assert_eq!(task.cause().as_deref(), Some("put is excluded"));
            assert_eq!((task.root_cause(), task.is_bad()), (None, false));
            assert_eq!(task.info().needs_excluded.as_deref(), Some("put"));
        }
        assert_eq!(report["clean"].outcome(), Outcome::Passed);
        assert!(report.get("put").is_none());
        assert!(report.to_string().contains("skipped: put is excluded"), "{report}");
    }
}

#[test]
fn a_failure_beside_them_stays_a_failure() {
    for workers in WIDTHS {
        let mut runner = runner(workers);
        runner.add("breaks", || Err::<(), _>("no"));
        runner.add("behind", || ()).after(["breaks", "put"]);
        runner.add("below", || ()).after(["breaks"]);
        let report = run(runner);
        assert!(!report.is_good());
        assert_eq!(report["behind"].cause().as_deref(), Some("put is excluded"));
        assert_eq!(report["below"].cause().as_deref(), Some("breaks failed"));
    }
}

#[test]
fn with_run_dependents_they_run() {
    for workers in WIDTHS {
        let report = run(runner(workers).run_dependents(true));
        assert!(report.tasks().iter().all(|task| task.outcome() == Outcome::Passed), "{report}");
    }
}

/// A task of a random plan.
#[derive(Clone, Debug, Default)]
struct Drawn {
    after: Vec<usize>,
    is_excluded: bool,
    is_mocked: bool,
    always: bool,
    fails: bool,
}

/// How the tasks end, by a plain reading of the rules; `None` for one that is not in the plan.
fn expected(tasks: &[Drawn], run_dependents: bool) -> Vec<Option<(Outcome, Option<String>)>> {
    let mut needs: Vec<Option<usize>> = Vec::new();
    let mut ends: Vec<Option<(Outcome, Option<String>)>> = Vec::new();
    for (index, task) in tasks.iter().enumerate() {
        let obeys = !task.always && !run_dependents;
        let is_out = task.is_excluded && !task.is_mocked;
        let needed = task.after.iter().filter_map(|of| needs[*of]).min();
        let needed = if is_out { Some(index) } else { needed.filter(|_| obeys && !task.is_mocked) };
        let fails_before = || {
            let of = task.after.iter().filter_map(|of| ends[*of].as_ref());
            of.into_iter().any(|(outcome, _)| !outcome.satisfies())
        };
        ends.push(match needed {
            _ if task.is_mocked => Some((Outcome::Mocked, None)),
            Some(root) if root == index => None,
            Some(root) => Some((Outcome::Skipped, Some(format!("t{root} is excluded")))),
            None if obeys && fails_before() => Some((Outcome::Skipped, None)),
            None if task.fails => Some((Outcome::Failed, None)),
            None => Some((Outcome::Passed, None)),
        });
        needs.push(needed);
    }
    ends
}

/// Draws numbers; the same seed draws the same ones.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    fn plan(&mut self) -> Vec<Drawn> {
        let count = 2 + usize::try_from(self.below(12)).expect("a small number");
        let mut tasks = Vec::new();
        for index in 0..count {
            let after = (0..index).filter(|_| self.below(4) == 0).collect();
            let [is_excluded, is_mocked, always, fails] =
                [5, 9, 6, 6].map(|of| self.below(of) == 0);
            tasks.push(Drawn { after, is_excluded, is_mocked, always, fails });
        }
        tasks
    }
}

#[test]
fn random_plans_end_as_the_rules_say() {
    let mut dice = Dice(0x5eed);
    for round in 0..300 {
        let (tasks, run_dependents) = (dice.plan(), dice.below(4) == 0);
        let expected = expected(&tasks, run_dependents);
        let workers = WIDTHS[round % WIDTHS.len()];
        let mut selection = Selection::default();
        selection.exact = true;
        let excluded = tasks.iter().enumerate().filter(|(_, task)| task.is_excluded);
        selection.skip = excluded.map(|(index, _)| format!("t{index}")).collect();
        let mut runner =
            Runner::new().workers(workers).run_dependents(run_dependents).select(selection);
        for (index, task) in tasks.iter().enumerate() {
            let fails = task.fails;
            let body = move || if fails { Err("no") } else { Ok(()) };
            let added = runner.add(format!("t{index}"), body);
            let added = added.after(task.after.iter().map(|of| format!("t{of}")));
            if task.always {
                added.always();
            }
            if task.is_mocked {
                runner = runner.mock(format!("t{index}"), None);
            }
        }
        let report = run(runner);
        let seen = (0..tasks.len()).map(|index| {
            let task = report.get(&format!("t{index}"))?;
            let cause = task.cause().filter(|cause| cause.ends_with("is excluded"));
            Some((task.outcome(), cause))
        });
        let seen = seen.collect::<Vec<_>>();
        assert_eq!(seen, expected, "{round}: {tasks:#?}, {run_dependents}");
        let is_bad = seen.iter().flatten().any(|(outcome, _)| *outcome == Outcome::Failed);
        assert_eq!(report.is_good(), !is_bad, "{round}: {report}");
    }
}

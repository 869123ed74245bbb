//! What a task costs under `mtrun`, with its console and a report, beyond an unobserved run.

use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, Target, build_mtrun, target_folder};
use crate::process::interleaved;
use crate::statistics::{Rounds, float};
use crate::table::{Table, figure};

/// How many tasks the targets have.
pub(crate) const TASKS: usize = 10_000;

/// A task that is run alone.
const ONE: &str = "task_0";

/// Microseconds a task.
pub(crate) struct Costs {
    observed: Rounds,
    unobserved: Rounds,
}

impl Costs {
    /// Runs the tasks under `mtrun` with a report, and in a program without observers.
    pub(crate) fn take(profile: Profile, options: &Options) -> Result<Self, String> {
        let package = Package::write()?;
        package.build(Target::Many, profile)?;
        let unobserved = package.build(Target::Unobserved, profile)?;
        let mtrun = build_mtrun()?;
        let report = package.folder.join("report.jsonl");
        let folder = target_folder()?;
        let observed = |more: &[&str]| {
            let mut command = Command::new(&mtrun);
            command.args((profile == Profile::Release).then_some("--release"));
            command.arg(package.folder.join("tests/many.rs")).arg("--workers=2").args(more);
            command.arg(format!("--report=jsonl={}", report.display()));
            command.current_dir(&package.folder).env("CARGO_TARGET_DIR", &folder);
            command
        };
        let unobserved = |more: &[&str]| {
            let mut command = Command::new(&unobserved);
            command.args(more);
            command
        };
        // What does not depend on the number of tasks that run is in the times of both.
        let mut commands =
            [observed(&[]), observed(&["--exact", ONE]), unobserved(&[]), unobserved(&[ONE])];
        let times = interleaved(&mut commands, options.rounds.unwrap_or(9))?;
        let [all, one, all_unobserved, one_unobserved] = &times[..] else {
            return Err("a command was not run".to_owned());
        };
        let a_task = |all, one| {
            let more = Rounds::of_differences(all, one).ok_or("no round was run")?;
            Ok::<_, String>(more.map(|more| more * 1e3 / float(TASKS - 1)))
        };
        let unobserved = a_task(all_unobserved, one_unobserved)?;
        Ok(Self { observed: a_task(all, one)?, unobserved })
    }

    pub(crate) fn more(&self) -> Rounds {
        self.observed.map(|observed| observed - self.unobserved.median)
    }
}

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let heads = ["10,000 trivial tasks, µs a task", "under mtrun", "unobserved", "more"];
    let mut table = Table::new(heads);
    for profile in Profile::ALL {
        let costs = Costs::take(profile, options)?;
        let figures = [costs.observed, costs.unobserved, costs.more()];
        let figures = figures.map(|rounds| figure(Some(rounds.median)));
        let [observed, unobserved, more] = figures;
        table.row([profile.name().to_owned(), observed, unobserved, more]);
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

//! What the targets together know of the names on the command line, asked before any of them runs.

use std::collections::BTreeSet;

use concurra_core::nearest::nearest;

use super::error::LaunchError;
use super::interrupt::Interrupts;
use super::site::Site;
use super::starter::Starter;
use super::supervisor::{Ended, Printed, supervise};
use super::target::Job;
use super::{offer, report};
use crate::options::Options;
use crate::supervise::{Absent, Closing, ExitClass};

/// The most names that are offered when none is near.
const OFFERED: usize = 5;

/// Whether the command line has names that only targets can judge. Asking takes a start of each, so
/// it is not done without need.
pub(super) fn is_needed(options: &Options) -> bool {
    let chosen = &options.selection;
    !(options.mocks.is_empty() && chosen.tags.is_empty() && chosen.exclude_tags.is_empty())
}

/// All targets, to be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Survey<'a> {
    pub(super) starter: &'a Starter<'a>,
    pub(super) interrupts: &'a Interrupts,
    pub(super) sites: &'a [Site],
    pub(super) jobs: &'a [(usize, Job)],
}

impl Survey<'_> {
    /// Complains of names that no target knows and, where there are any, of all else that targets
    /// are wrong about; gives what each makes of the whole.
    pub(super) fn slips(self) -> Vec<ExitClass> {
        let all = 0..self.jobs.len();
        let answers = all.clone().map(|target| self.ask(target, Printed::Nothing).ok());
        let answers = answers.collect::<Vec<_>>();
        let closings = answers.iter().flatten().filter_map(|ended| ended.closing.as_ref());
        let closings = closings.collect::<Vec<_>>();
        let slips = known_nowhere(&closings);
        // Who was stopped has answered nothing.
        if slips.is_empty() || self.interrupts.first().is_some() {
            return Vec::new();
        }
        for absent in &slips {
            eprintln!("error: {}", complaint(absent, &closings));
        }
        let fine = |ended: &Ended| matches!(ended.class, ExitClass::Good | ExitClass::Nothing);
        let wrong = all.filter(|target| !answers[*target].as_ref().is_some_and(fine));
        let wrong = wrong.map(|target| {
            let answer = self.ask(target, Printed::Errors);
            report::ended(&self.label(target), answer).class
        });
        slips.iter().map(|absent| absent.class).chain(wrong).collect()
    }

    /// Lets a runner check its plan without running it.
    fn ask(self, target: usize, printed: Printed) -> Result<Ended, LaunchError> {
        let (site, job) = &self.jobs[target];
        let label = self.label(target);
        let mut start = self.starter.start(&self.sites[*site], job, &label)?;
        start.printed = printed;
        if self.starter.options.run.show.is_none() {
            start.args.push("--list".into());
        }
        supervise(start, self.interrupts)
    }

    fn label(self, target: usize) -> String {
        let (site, job) = &self.jobs[target];
        self.starter.label(&self.sites[*site], &job.target)
    }
}

/// The names that no target knows. A target that did not answer counts for nothing.
fn known_nowhere<'c>(closings: &[&'c Closing]) -> Vec<&'c Absent> {
    let Some((first, others)) = closings.split_first() else { return Vec::new() };
    let same = |one: &Absent, other: &Absent| one.message == other.message;
    let nowhere = |absent: &&Absent| {
        others.iter().all(|other| other.absent.iter().any(|theirs| same(absent, theirs)))
    };
    first.absent.iter().filter(nowhere).collect()
}

/// What to say of a name that no target knows, with what is near it in any of them.
fn complaint(absent: &Absent, closings: &[&Closing]) -> String {
    let all = closings.iter().flat_map(|closing| &closing.absent);
    let near = all.filter(|other| other.message == absent.message).flat_map(|other| &other.near);
    let near = near.map(String::as_str).collect::<BTreeSet<_>>();
    let mut offers = nearest(&absent.name, near.iter().copied());
    if offers.is_empty() {
        offers = near.into_iter().take(OFFERED).collect();
    }
    let offers = offers.into_iter().map(str::to_owned).collect::<Vec<_>>();
    format!("{}{}", absent.message, offer::did_you_mean(&offers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing(class: ExitClass, absent: &[(&str, &[&str])]) -> Closing {
        let absent = absent.iter().map(|(name, near)| Absent {
            message: format!("unknown {name}"),
            name: (*name).to_owned(),
            near: near.iter().map(|near| (*near).to_owned()).collect(),
            class: ExitClass::Option,
        });
        Closing { absent: absent.collect(), ..Closing::new(class) }
    }

    #[test]
    fn a_name_must_be_known_to_one_target() {
        let one = closing(ExitClass::Nothing, &[("here", &[]), ("nowhere", &[])]);
        let other = closing(ExitClass::Plan, &[("nowhere", &[]), ("there", &[])]);
        let named = |closings: &[&Closing]| {
            let nowhere = known_nowhere(closings);
            nowhere.into_iter().map(|absent| absent.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(named(&[&one, &other]), ["nowhere"]);
        assert_eq!(named(&[&one]), ["here", "nowhere"]);
        assert!(named(&[]).is_empty());
    }

    #[test]
    fn the_nearest_names_of_all_targets_are_offered() {
        let told = |near: [&[&str]; 2]| {
            let closings = near.map(|near| closing(ExitClass::Good, &[("prdo", near)]));
            let closings = closings.iter().collect::<Vec<_>>();
            complaint(&closings[0].absent[0], &closings)
        };
        assert_eq!(told([&["x", "y"], &["prod"]]), "unknown prdo; did you mean `prod`?");
        let all = "unknown prdo; did you mean `x`, `y` or `z`?";
        assert_eq!(told([&["z", "y"], &["x", "y"]]), all);
        assert_eq!(told([&[], &[]]), "unknown prdo");
    }
}

//! What the targets together know of the names on the command line, asked before any of them runs.

use std::collections::BTreeSet;

use concurra_core::nearest::{did_you_mean, nearest};

use super::start::{Printed, Starter};
use super::supervisor::{Ended, supervise};
use crate::launch::error::LaunchError;
use crate::launch::job::Job;
use crate::launch::site::Site;
use crate::options::Options;
use crate::supervise::{Absent, Closing, ExitClass, SharedReporters};

/// The most names that are suggested when none is near.
const SUGGESTED: usize = 5;

/// Whether the command line has names that only targets can judge. Asking takes a start of each, so
/// it is not done without need.
pub(crate) fn is_needed(options: &Options) -> bool {
    let chosen = &options.selection;
    !(options.mocks.is_empty() && chosen.tags.is_empty() && chosen.exclude_tags.is_empty())
}

/// Complains of names that no target knows and, where there are any, of all else that is wrong with
/// targets; returns what each makes of the whole.
pub(crate) fn mistakes(starter: &Starter<'_>, sites: &mut [Site], jobs: &[Job]) -> Vec<ExitClass> {
    let answers = jobs.iter().map(|job| ask(starter, sites, job, Printed::Nothing).ok());
    let answers = answers.collect::<Vec<_>>();
    let closings = answers.iter().flatten().filter_map(|ended| ended.closing.as_ref());
    let closings = closings.collect::<Vec<_>>();
    let unknown = unknown_to_all(&closings);
    // A target that was stopped has answered nothing.
    if unknown.is_empty() || starter.interrupts.first().is_some() {
        return Vec::new();
    }
    for absent in &unknown {
        eprintln!("error: {}", complaint(absent, &closings));
    }
    let fine = |ended: &Ended| matches!(ended.class, ExitClass::Good | ExitClass::Nothing);
    let wrong = jobs.iter().zip(&answers);
    let wrong = wrong.filter(|(_, answer)| !answer.as_ref().is_some_and(fine));
    let wrong = wrong.map(|(job, _)| {
        Ended::or_error(ask(starter, sites, job, Printed::Errors), &job.label).class
    });
    unknown.iter().map(|absent| absent.class).chain(wrong).collect()
}

/// Lets a runner check its plan without running it.
fn ask(
    starter: &Starter<'_>,
    sites: &mut [Site],
    job: &Job,
    printed: Printed,
) -> Result<Ended, LaunchError> {
    let mut start = starter.start(&mut sites[job.site], job)?;
    start.printed = printed;
    if starter.options.run.show.is_none() {
        start.args.push("--list".into());
    }
    // A listing runs no task and sends no events.
    supervise(start, starter.interrupts, &SharedReporters::default())
}

/// The names that no target knows. A target that did not answer counts for nothing.
fn unknown_to_all<'c>(closings: &[&'c Closing]) -> Vec<&'c Absent> {
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
    let mut names = nearest(&absent.name, near.iter().copied());
    if names.is_empty() {
        names = near.into_iter().take(SUGGESTED).collect();
    }
    let names = names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    format!("{}{}", absent.message, did_you_mean(&names))
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
            let nowhere = unknown_to_all(closings);
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

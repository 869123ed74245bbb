//! Finds names on the command line that no target knows, before any target runs.

use std::collections::BTreeSet;
use std::process::Stdio;

use concurra_core::nearest::{did_you_mean, nearest};

use super::start::Starter;
use super::supervisor::{Ended, supervise};
use crate::launch::build::Job;
use crate::launch::error::LaunchError;
use crate::launch::site::Site;
use crate::options::Options;
use crate::supervise::{Absent, Closing, ExitClass, SharedReporters};

/// The most names in a message when no name is similar.
const SUGGESTED: usize = 5;

/// Prints a warning or an error for each name that no target knows and, after an error, every other
/// mistake in the targets. Returns the class of each mistake.
pub(crate) fn mistakes(starter: &Starter<'_>, sites: &mut [Site], jobs: &[Job]) -> Vec<ExitClass> {
    let Options { selection, mocks, .. } = &starter.options.run;
    // Only targets know tags and the tasks to mock, and the survey starts each target.
    if mocks.is_empty() && selection.tags.is_empty() && selection.exclude_tags.is_empty() {
        return Vec::new();
    }
    let answers = jobs.iter().map(|job| ask(starter, sites, job, Stdio::null()).ok());
    let answers = answers.collect::<Vec<_>>();
    let closings = answers.iter().flatten().filter_map(|ended| ended.closing.as_ref());
    let closings = closings.collect::<Vec<_>>();
    let unknown = unknown_to_all(&closings);
    // A stopped target has not answered.
    if unknown.is_empty() || starter.interrupts.first().is_some() {
        return Vec::new();
    }
    for absent in &unknown {
        let kind = if absent.class.is_good() { "warning" } else { "error" };
        eprintln!("{kind}: {}", complaint(absent, &closings));
    }
    let mut classes = unknown.iter().map(|absent| absent.class).collect::<Vec<_>>();
    classes.retain(|class| !class.is_good());
    if classes.is_empty() {
        return classes;
    }
    for (job, answer) in jobs.iter().zip(&answers) {
        if !answer.as_ref().is_some_and(|ended| ended.class.is_good()) {
            let ended = ask(starter, sites, job, Stdio::inherit());
            classes.push(Ended::of(ended, &job.label, |text| starter.options.run.mask(text)).class);
        }
    }
    classes
}

/// Lets a runner check its plan without running it.
fn ask(
    starter: &Starter<'_>,
    sites: &mut [Site],
    job: &Job,
    stderr: Stdio,
) -> Result<Ended, LaunchError> {
    let option = starter.options.run.show.is_none().then(|| "--list".to_owned());
    let mut start = starter.start(&mut sites[job.site], job, option, true)?;
    start.command.stderr(stderr);
    // A listing runs no task and sends no events.
    supervise(start, starter.interrupts, &SharedReporters::default())
}

/// The names that no target knows. A target without an answer does not count.
fn unknown_to_all<'c>(closings: &[&'c Closing]) -> Vec<&'c Absent> {
    let Some((first, others)) = closings.split_first() else { return Vec::new() };
    let same = |one: &Absent, other: &Absent| one.message == other.message;
    let nowhere = |absent: &&Absent| {
        others.iter().all(|other| other.absent.iter().any(|theirs| same(absent, theirs)))
    };
    first.absent.iter().filter(nowhere).collect()
}

/// The error for a name that no target knows, with similar names of all targets.
fn complaint(absent: &Absent, closings: &[&Closing]) -> String {
    let all = closings.iter().flat_map(|closing| &closing.absent);
    let near = all.filter(|other| other.message == absent.message).flat_map(|other| &other.near);
    let near = near.map(String::as_str).collect::<BTreeSet<_>>();
    let similar = nearest(&absent.name, near.iter().copied());
    if similar.is_empty() && !near.is_empty() {
        let some = near.iter().take(SUGGESTED).map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let verb = if some.len() == 1 { "is" } else { "are" };
        return format!("{}; there {verb} {}", absent.message, some.join(", "));
    }
    format!("{}{}", absent.message, did_you_mean(&similar))
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
    fn the_nearest_names_of_all_targets_are_suggestions() {
        let message = |near: [&[&str]; 2]| {
            let closings = near.map(|near| closing(ExitClass::Good, &[("prdo", near)]));
            let closings = closings.iter().collect::<Vec<_>>();
            complaint(&closings[0].absent[0], &closings)
        };
        assert_eq!(message([&["x", "y"], &["prod"]]), "unknown prdo; did you mean `prod`?");
        let all = "unknown prdo; there are `x`, `y`, `z`";
        assert_eq!(message([&["z", "y"], &["x", "y"]]), all);
        assert_eq!(message([&[], &[]]), "unknown prdo");
    }
}

//! Requests to cargo to build targets.

use std::collections::{BTreeMap, BTreeSet};

use crate::launch::targets::{Kind, Target};

/// A target to build and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// The index of its workspace among the sites.
    pub(crate) site: usize,
    pub(crate) target: Target,
    /// The options that choose its package.
    pub(crate) selection: Vec<String>,
    /// The person named it: when cargo cannot build it, that is an error.
    pub(crate) is_named: bool,
    /// Only these tasks, as `NAME` or `NAME@MODULE`; an empty list stands for all.
    pub(crate) tasks: Vec<String>,
    /// Its name in messages and headings.
    pub(crate) label: String,
}

/// Targets of one kind in the packages that `selection` chooses.
#[derive(Debug)]
pub(crate) struct Request<'j> {
    pub(crate) kind: Kind,
    /// Options that choose packages.
    selection: Vec<String>,
    /// Cargo chooses among all targets of the kind and leaves out targets whose features are off.
    cargo_chooses: bool,
    pub(crate) jobs: Vec<&'j Job>,
}

impl<'j> Request<'j> {
    /// One request for all targets of a kind and selection.
    pub(crate) fn of(jobs: &[&'j Job]) -> Vec<Self> {
        let mut requests = BTreeMap::<_, Vec<_>>::new();
        for job in jobs {
            let kind = job.target.kind;
            // `cargo run` takes one package, and other packages may change the features of this
            // one.
            let is_test = kind == Kind::Test;
            let selection =
                if is_test { job.selection.clone() } else { exact(&job.target.package_id) };
            let may_be_off = |other: &&Job| {
                let target = &other.target;
                !other.is_named && target.kind == kind && !target.required_features.is_empty()
            };
            let cargo_chooses = !job.is_named && jobs.iter().any(may_be_off);
            requests.entry((kind, cargo_chooses, selection)).or_default().push(*job);
        }
        let request = |(key, jobs)| {
            let (kind, cargo_chooses, selection) = key;
            Self { kind, selection, cargo_chooses, jobs }
        };
        requests.into_iter().map(request).collect()
    }

    pub(super) fn args(&self) -> Vec<String> {
        let option = self.kind.option();
        if self.cargo_chooses {
            return [self.selection.as_slice(), &[option + "s"]].concat();
        }
        let names = self.jobs.iter().map(|job| &job.target.name).collect::<BTreeSet<_>>();
        let names = names.into_iter().flat_map(|name| [option.clone(), name.clone()]);
        self.selection.iter().cloned().chain(names).collect()
    }
}

/// The option that chooses exactly one package.
pub(crate) fn exact(package_id: &str) -> Vec<String> {
    vec!["--package".to_owned(), package_id.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::targets::target_of;

    fn job(kind: Kind, package: &str, source: &str, is_named: bool) -> Job {
        let target = target_of(kind, package, source);
        let (selection, tasks, label) = (Vec::new(), Vec::new(), String::new());
        Job { site: 0, target, selection, is_named, tasks, label }
    }

    fn requested(jobs: &[Job]) -> Vec<String> {
        let jobs = jobs.iter().collect::<Vec<_>>();
        Request::of(&jobs).iter().map(|request| request.args().join(" ")).collect()
    }

    #[test]
    fn a_request_for_each_kind_and_selection() {
        let jobs = [
            job(Kind::Test, "shop", "/w/tests/orders.rs", true),
            job(Kind::Test, "mail", "/w/tests/orders.rs", true),
            job(Kind::Test, "shop", "/w/tests/stock.rs", false),
            job(Kind::Example, "shop", "/w/examples/tour.rs", true),
            job(Kind::Example, "mail", "/w/examples/tour.rs", true),
        ];
        let expected = [
            "--test orders --test stock",
            "--package mail --example tour",
            "--package shop --example tour",
        ];
        assert_eq!(requested(&jobs), expected);
    }

    #[test]
    fn cargo_chooses_among_targets_that_may_be_off_and_are_not_named() {
        let off = |is_named| {
            let mut job = job(Kind::Test, "shop", "/w/tests/off.rs", is_named);
            job.target.required_features = vec!["pg".to_owned()];
            job
        };
        let plain = job(Kind::Test, "shop", "/w/tests/plain.rs", false);
        assert_eq!(requested(&[plain.clone(), off(false)]), ["--tests"]);
        assert_eq!(requested(&[off(true), plain]), ["--test off --test plain"]);
    }
}

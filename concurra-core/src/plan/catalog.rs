//! The registered tasks and hooks, sorted, as the draft of a plan.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ptr;

use super::draft::{Draft, Hook};
use crate::event::HookKind;
use crate::names::{Home, Position, plain};
use crate::problem::Problem;
use crate::registry::{LinkDef, Registration, TaskDef, registrations};
use crate::task::{Slot, Task};

impl Draft {
    /// Reads the registry: every task in source order, those of other crates first. The tasks of the
    /// home crate and of the libraries that it links are its own, or with `all` those of every crate.
    pub(crate) fn registered(home: Home, all: bool) -> Self {
        let (mut tasks, mut hooks, mut links) = (Vec::new(), Vec::new(), Vec::new());
        let position = |module, target| Position::new(module, target, Some(&home));
        for registration in registrations() {
            match registration {
                Registration::Task(def) => {
                    tasks.push((position(def().module, def().target), def()));
                }
                Registration::Hook(def) => {
                    hooks.push((position(def().module, def().target), def()));
                }
                Registration::Link(def) => links.push(def()),
            }
        }
        let links = reached_links(&home, links);
        let is_own = |position: &Position| {
            all || position.is_in(&home) || links.iter().any(|link| position.is_in(&library(link)))
        };
        let mut draft = Self { home: Some(home), ..Self::default() };
        let (mut tasks, inside): (Vec<_>, Vec<_>) =
            tasks.into_iter().partition(|(position, _): &(Position, _)| !position.is_in(&home));
        tasks.sort_by(in_source);
        let others = tasks.len();
        tasks.extend(inside);
        tasks[others..].sort_by(in_source);
        for (position, def) in tasks {
            let name = position.name(def.name, Some(&home));
            let mut task = Task::declared(def, name);
            task.own = is_own(&position);
            draft.push(task, Slot::calling(def.body));
        }
        hooks.retain(|(position, _)| is_own(position));
        let named = hooks.into_iter().map(|(position, def)| Hook {
            name: position.name(def.name, Some(&home)),
            def,
            timeout: def.timeout,
        });
        let mut hooks: Vec<Hook> = named.collect();
        hooks.sort_by(|a, b| (&a.name, a.def.place).cmp(&(&b.name, b.def.place)));
        (draft.setups, draft.teardowns) =
            hooks.into_iter().partition(|hook| hook.def.kind == HookKind::Setup);
        draft.teardowns.reverse();
        draft.check_links(&links);
        draft
    }

    fn check_links(&mut self, links: &[&LinkDef]) {
        if links.is_empty() {
            return;
        }
        let others = crates(&self.tasks, self.home.as_ref());
        for link in links.iter().filter(|link| !others.iter().any(|name| name == plain(link.krate)))
        {
            let (krate, others) = (link.krate.to_owned(), others.clone());
            self.problems.push(Problem::EmptyLink { krate, place: link.place, others });
        }
    }
}

/// Orders tasks by crate and place.
fn in_source(left: &(Position, &TaskDef), right: &(Position, &TaskDef)) -> Ordering {
    // Most tasks of a binary have one and the same text for their crate and for their file.
    let by_text = |a: &str, b: &str| if ptr::eq(a, b) { Ordering::Equal } else { a.cmp(b) };
    let (a, b) = (left.1.place, right.1.place);
    by_text(left.0.krate, right.0.krate)
        .then_with(|| by_text(a.file, b.file))
        .then_with(|| (a.line, a.column).cmp(&(b.line, b.column)))
}

/// The `link!`s of a crate and of the libraries that they reach, one for each library.
fn reached_links(home: &Home, mut links: Vec<&'static LinkDef>) -> Vec<&'static LinkDef> {
    let mut reached: Vec<&LinkDef> = Vec::new();
    let mut open = vec![Home { hidden: None, ..*home }];
    while let Some(home) = open.pop() {
        let stands_in =
            |link: &&LinkDef| Position::new(link.module, link.target, None).is_in(&home);
        let (own, others): (Vec<&LinkDef>, Vec<&LinkDef>) = links.into_iter().partition(stands_in);
        open.extend(own.iter().map(|link| library(link)));
        reached.extend(own);
        links = others;
    }
    reached.sort_unstable_by_key(|link| (link.krate, link.place));
    reached.dedup_by_key(|link| link.krate);
    reached
}

/// The crate that a `link!` names: only libraries can be linked.
const fn library(link: &LinkDef) -> Home {
    Home { krate: link.krate, target: None, hidden: None }
}

/// The other crates with declared tasks, which the home crate may link.
pub(super) fn crates(tasks: &[Task], home: Option<&Home>) -> Vec<String> {
    let defs = tasks.iter().filter_map(|task| task.def);
    let positions = defs.map(|def| Position::new(def.module, def.target, home));
    let others = positions.filter(|position| !home.is_some_and(|home| position.is_in(home)));
    others
        .map(|position| position.krate)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect()
}

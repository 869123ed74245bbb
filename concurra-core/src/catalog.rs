//! The registered tasks and hooks, sorted. Unaware of selections and plans.

use std::collections::BTreeSet;

use crate::event::HookKind;
use crate::names::{Home, Position, plain};
use crate::problem::Problem;
use crate::registry::{HookDef, LinkDef, Registration, TaskDef, registrations};
use crate::task::{Body, Task};

/// What is registered in this binary, as seen from one crate.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Every registered task in source order, those of libraries first.
    pub(crate) tasks: Vec<Task>,
    /// For each task what it does.
    pub(crate) bodies: Vec<Body>,
    /// For each task whether it runs without being asked for.
    pub(crate) own: Vec<bool>,
    /// Setups by name.
    pub(crate) setups: Vec<Hook>,
    /// Teardowns by name, backwards.
    pub(crate) teardowns: Vec<Hook>,
    /// What is wrong already.
    pub(crate) problems: Vec<Problem>,
}

/// A hook under its name.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) name: String,
    pub(crate) def: &'static HookDef,
}

impl Catalog {
    /// Reads the registry, as seen from a crate. Its own tasks run and those of libraries that it
    /// takes in, or with `all` those of every crate.
    pub(crate) fn read(home: &Home, all: bool) -> Self {
        let mut tasks: Vec<&'static TaskDef> = Vec::new();
        let mut hooks: Vec<&'static HookDef> = Vec::new();
        let mut links: Vec<&'static LinkDef> = Vec::new();
        for registration in registrations() {
            match registration {
                Registration::Task(def) => tasks.push(def()),
                Registration::Hook(def) => hooks.push(def()),
                Registration::Link(def) => links.push(def()),
            }
        }
        let mut links = taken_in(home, links);
        links.sort_unstable_by_key(|link| (link.krate, link.place));
        links.dedup_by_key(|link| link.krate);
        let wanted = |position: &Position| {
            all || position.is_in(home) || links.iter().any(|link| position.is_in(&library(link)))
        };

        let mut catalog = Self::default();
        catalog.take_tasks(tasks, home, wanted);
        catalog.take_hooks(hooks, home, wanted);
        catalog.check_links(&links, home);
        catalog
    }

    fn take_tasks(
        &mut self,
        defs: Vec<&'static TaskDef>,
        home: &Home,
        wanted: impl Fn(&Position) -> bool,
    ) {
        let mut placed: Vec<_> = defs
            .into_iter()
            .map(|def| (Position::new(def.module, def.target, Some(home)), def))
            .collect();
        placed.sort_by(|(left, a), (right, b)| {
            let inside = |position: &Position| position.is_in(home);
            (inside(left), &left.krate, a.place).cmp(&(inside(right), &right.krate, b.place))
        });
        for (position, def) in placed {
            self.own.push(wanted(&position));
            self.bodies.push(Body::Function(def.body));
            self.tasks.push(Task::declared(def, position.name(def.name, Some(home))));
        }
    }

    fn take_hooks(
        &mut self,
        defs: Vec<&'static HookDef>,
        home: &Home,
        wanted: impl Fn(&Position) -> bool,
    ) {
        let mut hooks: Vec<Hook> = defs
            .into_iter()
            .map(|def| (Position::new(def.module, def.target, Some(home)), def))
            .filter(|(position, _)| wanted(position))
            .map(|(position, def)| Hook { name: position.name(def.name, Some(home)), def })
            .collect();
        hooks.sort_by(|a, b| (&a.name, a.def.place).cmp(&(&b.name, b.def.place)));
        let (setups, mut teardowns): (Vec<_>, Vec<_>) =
            hooks.into_iter().partition(|hook| hook.def.kind == HookKind::Setup);
        teardowns.reverse();
        self.setups = setups;
        self.teardowns = teardowns;
    }

    fn check_links(&mut self, links: &[&'static LinkDef], home: &Home) {
        let others = crates(&self.tasks, Some(home));
        let is_known = |link: &LinkDef| others.iter().any(|krate| krate == plain(link.krate));
        for link in links.iter().filter(|link| !is_known(link)) {
            let krate = link.krate.to_owned();
            let others = others.clone();
            self.problems.push(Problem::EmptyLink { krate, place: link.place, others });
        }
    }
}

/// The `link!`s of a crate, and those of the libraries that it takes in.
fn taken_in(home: &Home, mut links: Vec<&'static LinkDef>) -> Vec<&'static LinkDef> {
    let mut taken = Vec::new();
    let mut open = vec![Home { hidden: None, ..*home }];
    while let Some(home) = open.pop() {
        let stands_in =
            |link: &&LinkDef| Position::new(link.module, link.target, None).is_in(&home);
        let (own, others): (Vec<&LinkDef>, Vec<&LinkDef>) = links.into_iter().partition(stands_in);
        open.extend(own.iter().map(|link| library(link)));
        taken.extend(own);
        links = others;
    }
    taken
}

/// The crate that a `link!` names: only libraries can be linked.
const fn library(link: &LinkDef) -> Home {
    Home { krate: link.krate, target: None, hidden: None }
}

/// The crates that have declared tasks.
pub(crate) fn crates(tasks: &[Task], home: Option<&Home>) -> Vec<String> {
    let defs = tasks.iter().filter_map(Task::def);
    let crates = defs.map(|def| Position::new(def.module, def.target, home).krate);
    crates.collect::<BTreeSet<_>>().into_iter().collect()
}

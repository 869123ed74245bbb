//! A run under way, played on the machine and on the model at once.

use std::collections::BTreeSet;

use concurra_core::{Graph, Machine, Outcome, Reach, Step, TaskId};
use proptest::sample::Index;

use crate::machine;
use crate::model::Model;
use crate::script::{Meanwhile, Script};

/// The machine and the model, which goes through the same steps.
pub(crate) struct Play<'s> {
    script: &'s Script,
    pub(crate) model: Model,
    graph: Graph,
    pub(crate) machine: Machine,
    ready: BTreeSet<usize>,
    running: Vec<usize>,
    /// How often each task is still given back.
    attempts: Vec<usize>,
    /// The tasks that the machine made ready and has not postponed since, and those that it ended.
    called: BTreeSet<usize>,
    pub(crate) told: BTreeSet<usize>,
    /// Whether the run was stopped and did not come to rest yet.
    pub(crate) resting: bool,
    /// Whether the run was ever stopped.
    stopped: bool,
    /// Whether processes are being killed.
    killing: bool,
}

impl<'s> Play<'s> {
    pub(crate) fn new(script: &'s Script) -> Self {
        let always = script.always.clone();
        let model = Model::new(script.needs.clone(), always, script.run_dependents);
        let graph = model.graph();
        let always = |task: TaskId| script.always[task.index()];
        let machine = machine(&graph, script.run_dependents, always);
        let attempts = script.attempts.clone();
        let (ready, running, called, told) = Default::default();
        let (resting, stopped, killing) = Default::default();
        Self {
            script,
            model,
            graph,
            machine,
            ready,
            running,
            attempts,
            called,
            told,
            resting,
            stopped,
            killing,
        }
    }

    pub(crate) fn begin(&mut self) {
        let known = self.script.known.iter().enumerate();
        let known: Vec<_> =
            known.filter_map(|(task, outcome)| Some((TaskId::from(task), (*outcome)?))).collect();
        let mut steps = Vec::new();
        self.machine.begin(&self.graph, known.iter().copied(), |step| steps.push(step));
        known.iter().for_each(|(task, outcome)| self.model.ended[task.index()] = Some(*outcome));
        let mut expected: Vec<usize> = known.iter().map(|(task, _)| task.index()).collect();
        expected.extend(self.model.spread());
        let roots: Vec<usize> = steps.iter().filter_map(ready).collect();
        assert!(roots.is_sorted(), "roots come in source order: {roots:?}");
        self.take_in(&steps, &expected);
    }

    pub(crate) fn has_next(&self) -> bool {
        !self.ready.is_empty() || !self.running.is_empty()
    }

    /// Starts a ready task, or finishes a running one or gives it back.
    pub(crate) fn step(&mut self, choice: Index) {
        let chosen = choice.index(self.ready.len() + self.running.len());
        if let Some(task) = self.ready.iter().nth(chosen).copied() {
            return self.start(task);
        }
        let task = self.running[chosen - self.ready.len()];
        if self.attempts[task] == 0 || !self.give_back(task) {
            self.finish(task);
        }
    }

    fn start(&mut self, task: usize) {
        assert!(self.machine.start(task.into()).is_some());
        assert!(self.machine.start(task.into()).is_none(), "{task} started twice");
        self.ready.remove(&task);
        self.running.push(task);
    }

    fn give_back(&mut self, task: usize) -> bool {
        self.attempts[task] -= 1;
        let given_back = self.machine.again(task.into());
        assert_eq!(given_back, !self.resting, "whether {task} is given back");
        if given_back {
            assert!(!self.machine.again(task.into()), "{task} was given back twice");
            assert!(!self.machine.finish(task.into(), Outcome::Passed), "{task} ends unstarted");
            self.running.retain(|it| *it != task);
            self.ready.insert(task);
        }
        self.compare();
        given_back
    }

    fn finish(&mut self, task: usize) {
        self.end(task);
        self.release(task);
    }

    fn end(&mut self, task: usize) {
        let killed = self.killing && Model::is_killed(task);
        let outcome = if killed { Outcome::Cancelled } else { self.script.fates[task] };
        assert!(self.machine.finish(task.into(), outcome));
        assert!(!self.machine.finish(task.into(), Outcome::Passed), "{task} finished twice");
        assert!(!self.machine.again(task.into()), "{task} was given back after its end");
        self.running.retain(|it| *it != task);
        self.model.ended[task] = Some(outcome);
        self.tell(task);
    }

    fn release(&mut self, task: usize) {
        let (mut steps, outcome) = (Vec::new(), self.model.ended[task].expect("it ended"));
        self.machine.release(&self.graph, task.into(), outcome, &mut |step| steps.push(step));
        let skipped = self.model.spread();
        self.take_in(&steps, &skipped);
    }

    /// Stops the run, also for a second time.
    pub(crate) fn stop(&mut self, reach: Reach, meanwhile: Meanwhile) {
        self.machine.stop();
        assert_eq!(
            self.machine.is_stopping(),
            self.resting || !self.stopped,
            "who resumed goes on"
        );
        self.machine.halt();
        self.killing = true;
        assert!(self.ready.iter().all(|task| self.machine.start((*task).into()).is_none()));
        let late = match meanwhile {
            Meanwhile::Ended(index) if !self.running.is_empty() => {
                let task = *index.get(&self.running);
                self.finish(task);
                None
            }
            Meanwhile::Told(index) if !self.running.is_empty() => {
                let task = *index.get(&self.running);
                self.end(task);
                Some(task)
            }
            _ => None,
        };
        self.sweep(reach);
        late.into_iter().for_each(|task| self.release(task));
    }

    fn sweep(&mut self, reach: Reach) {
        let spared = |task: &usize| self.model.spares(*task, reach);
        let (spared, abandoned) = self.running.iter().copied().partition::<Vec<_>, _>(spared);
        let running = std::mem::replace(&mut self.running, spared);
        let (ended, postponed) = self.model.sweep(&running, reach);
        let mut steps = Vec::new();
        let killed = |task: TaskId| Model::is_killed(task.index());
        let counted = self.machine.sweep(&self.graph, reach, killed, |step| steps.push(step));
        assert_eq!(counted, postponed, "the number of postponed tasks");
        let mut said: Vec<usize> = steps.iter().filter_map(cut_short).collect();
        said.sort_unstable();
        assert!(abandoned.iter().all(|task| said.contains(task)), "{abandoned:?}, {said:?}");
        assert_eq!(abandoned.len(), said.len(), "{abandoned:?}, {said:?}");
        (self.resting, self.stopped) = (true, true);
        self.ready.retain(|task| !self.model.postponed.contains(task));
        self.called.retain(|task| !self.model.postponed.contains(task));
        self.take_in(&steps, &ended);
        assert!(self.ready.is_empty(), "{:?} wait in a stopped run", self.ready);
        assert!(self.model.tasks().all(|task| self.machine.start(task.into()).is_none()));
        for task in abandoned {
            assert!(!self.machine.finish(task.into(), Outcome::Passed), "late {task} counts");
            assert!(!self.machine.again(task.into()), "late {task} was given back");
        }
    }

    /// Lets postponed tasks run.
    pub(crate) fn resume(&mut self) {
        let expected = self.model.resume();
        let mut steps = Vec::new();
        self.machine.resume(&self.graph, |step| steps.push(step));
        let roots: Vec<usize> = steps.iter().filter_map(ready).collect();
        assert_eq!(roots, expected, "what runs after the stop, in source order");
        (self.resting, self.killing) = (false, false);
        self.take_in(&steps, &[]);
    }

    /// Checks steps of the machine against the tasks that the model ended.
    fn take_in(&mut self, steps: &[Step], expected: &[usize]) {
        let mut ended = BTreeSet::new();
        for step in steps {
            match *step {
                Step::Ready(task) => self.call(task.index()),
                Step::Ended(task, outcome) => {
                    assert_eq!(self.model.ended[task.index()], Some(outcome), "{task:?}");
                    ended.insert(task.index());
                    self.tell(task.index());
                }
                Step::Abandoned(task) => {
                    assert_eq!(self.model.ended[task.index()], Some(Outcome::Cancelled));
                    ended.insert(task.index());
                    self.tell(task.index());
                }
            }
        }
        assert_eq!(ended, expected.iter().copied().collect());
        for task in self.model.tasks() {
            let waits = self.model.ended[task].is_none() && !self.running.contains(&task);
            let may_start =
                waits && self.model.may_start(task) && !self.model.postponed.contains(&task);
            assert!(!may_start || self.called.contains(&task), "{task} was never called ready");
        }
        self.compare();
    }

    fn call(&mut self, task: usize) {
        assert!(self.called.insert(task), "{task} is ready for a second time");
        assert!(self.model.may_start(task), "{task} is ready too early");
        assert_eq!(self.model.ended[task], None, "{task} is ready after its end");
        assert!(!self.resting, "{task} is ready in a stopped run");
        assert!(!self.stopped || self.model.always[task], "{task} is ready after a stop");
        self.ready.insert(task);
    }

    fn tell(&mut self, task: usize) {
        assert!(self.told.insert(task), "{task} ended twice");
        self.ready.remove(&task);
    }

    fn compare(&self) {
        assert_eq!(self.machine.unended(), self.model.unended());
        for (task, ended) in self.model.ended.iter().enumerate() {
            let id = TaskId::from(task);
            assert_eq!(self.machine.outcome(id), *ended, "outcome of {task}");
            assert_eq!(self.machine.is_running(id), self.running.contains(&task));
            let cause = self.machine.cause(id).map(TaskId::index);
            if self.model.always[task] {
                assert_eq!(cause, None, "{task} runs always");
            }
            if *ended == Some(Outcome::Skipped) && !self.model.roots[task].is_empty() {
                assert_eq!(cause, self.model.roots[task].first().copied(), "cause of {task}");
            }
        }
    }
}

fn ready(step: &Step) -> Option<usize> {
    match step {
        Step::Ready(task) => Some(task.index()),
        Step::Ended(..) | Step::Abandoned(_) => None,
    }
}

fn cut_short(step: &Step) -> Option<usize> {
    match step {
        Step::Abandoned(task) => Some(task.index()),
        Step::Ready(_) | Step::Ended(..) => None,
    }
}

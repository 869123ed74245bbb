//! How the conductor runs setups and teardowns: each on a thread of its own, so that it can abandon one
//! that hangs.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{io, process, thread};

use super::conductor::Conductor;
use super::{Around, Note, nanos};
use crate::context::Context;
use crate::event::{Event, HookFinished, HookKind, HookStarted, StopReason};
use crate::failure::{self, Ending, Failure};
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;
use crate::plan::Hook;
use crate::registry::HookDef;
use crate::state::State;
use crate::sync::lock;

/// How a hook ended.
type Ended = Result<(), Ending>;

/// A hook whose thread may still run.
#[derive(Debug)]
pub(super) struct HookBody {
    /// `setup prepare`.
    pub(super) label: String,
    /// Set by its thread.
    ended: Arc<Mutex<Option<Ended>>>,
}

impl HookBody {
    pub(super) fn still_runs(&self) -> bool {
        lock(&self.ended).is_none()
    }
}

impl Conductor {
    /// Runs the setups. The first that does not pass skips every task.
    pub(super) fn set_up(&mut self) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.setups {
            let ended = self.call_hook(hook);
            match (ended.outcome, ended.reason) {
                (Outcome::Passed, _) => continue,
                (Outcome::Cancelled, _) => return,
                (Outcome::Skipped, reason) => table.skip_all(reason.unwrap_or_default()),
                (Outcome::TimedOut, _) => {
                    table.note_obstacle(format!("setup {} timed out", hook.name));
                }
                _ => table.note_obstacle(format!("setup {} failed", hook.name)),
            }
            table.machine.stop();
            table.machine.end_all(table.plan.graph(), Outcome::Skipped, |step| {
                if let Step::Ended(task, outcome) = step {
                    table.release_results_elsewhere(task);
                    self.send_finished(task, outcome);
                }
            });
            return;
        }
    }

    /// Runs all teardowns.
    pub(super) fn tear_down(&mut self) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.teardowns {
            self.call_hook(hook);
        }
    }

    fn call_hook(&mut self, hook: &Hook) -> HookFinished {
        let (kind, name) = (hook.def.kind, hook.name.clone());
        self.send(|| Event::HookStarted(HookStarted { hook: kind, name: name.clone() }));
        self.events.flush();
        let begun = self.now();
        let is_too_late = self.cancels_hook(kind, begun);
        let ended = if is_too_late { Err(Ending::Cancelled) } else { self.run_hook(hook, begun) };
        let ending = ended.err();
        let failure = match &ending {
            Some(Ending::Cancelled) => Some(Failure::message(self.why_cancelled(kind))),
            ending => ending.as_ref().and_then(Ending::failure),
        };
        let finished = HookFinished {
            hook: kind,
            name,
            file: hook.def.place.file.to_owned(),
            line: hook.def.place.line,
            duration: Duration::from_nanos(self.now().saturating_sub(begun)),
            outcome: ending.as_ref().map_or(Outcome::Passed, Ending::outcome),
            failure: failure.map(|failure| self.table.masked_failure(failure)),
            reason: match ending {
                Some(Ending::Skipped(reason)) => Some(self.table.mask(&reason).into_owned()),
                _ => None,
            },
        };
        self.send(|| Event::HookFinished(finished.clone()));
        self.hooks.push(finished.clone());
        finished
    }

    fn run_hook(&mut self, hook: &Hook, begun: u64) -> Ended {
        match self.start_hook(hook) {
            Ok(body) => self.await_hook(hook, body, begun),
            Err(error) => {
                let why = format!("no thread could be started for it: {error}");
                Err(Ending::Final(Failure::message(why)))
            }
        }
    }

    fn start_hook(&self, hook: &Hook) -> io::Result<HookBody> {
        let label = format!("{} {}", hook.def.kind, hook.name);
        let ended = Arc::default();
        let thread = HookThread {
            label: label.clone(),
            def: hook.def,
            state: Arc::clone(&self.state),
            around: self.around.clone(),
            ended: Arc::clone(&ended),
            notes: self.sender.clone(),
        };
        thread::Builder::new().name(label.clone()).spawn(move || thread.run())?;
        Ok(HookBody { label, ended })
    }

    /// Waits for the end of a hook, and abandons it when its time is over or a stop cancels it.
    fn await_hook(&mut self, hook: &Hook, body: HookBody, begun: u64) -> Ended {
        let deadline = hook.timeout.map(|limit| (begun.saturating_add(nanos(limit)), limit));
        let mut slow = self.slow_period().map(|period| begun.saturating_add(period));
        loop {
            let ended = lock(&body.ended).clone();
            if let Some(ended) = ended {
                return ended;
            }
            let now = self.now();
            self.stop_at_limit(None, now);
            let ending = match deadline {
                Some((deadline, limit)) if deadline <= now => Some(Ending::TimedOut(limit)),
                _ => self.cancels_hook(hook.def.kind, now).then_some(Ending::Cancelled),
            };
            if let Some(ending) = ending {
                self.around.iter().for_each(|around| around.abandon(None));
                self.abandoned_hooks.push(body);
                return Err(ending);
            }
            if let Some(next) = slow.filter(|next| *next <= now) {
                let running = Duration::from_nanos(now.saturating_sub(begun));
                let (kind, name) = (hook.def.kind, hook.name.clone());
                self.send(|| Event::HookSlow { hook: kind, name, running });
                slow = self.slow_period().map(|period| next.saturating_add(period).max(now));
            }
            let times = [deadline.map(|(at, _)| at), slow, self.next_limit(now)];
            let next = times.into_iter().flatten().min();
            if let Some(Note::Stop(stop)) = self.next_note(next) {
                self.stop(None, stop);
            }
        }
    }

    /// Whether the run no longer waits for a running hook.
    fn cancels_hook(&self, kind: HookKind, now: u64) -> bool {
        match kind {
            HookKind::Setup => self.reach >= Some(Reach::Running),
            HookKind::Teardown => self.last_moment().is_some_and(|at| at <= now),
        }
    }

    fn why_cancelled(&self, kind: HookKind) -> String {
        match (kind, self.stopped) {
            (HookKind::Teardown, Some(StopReason::Timeout)) => {
                "abandoned, as the time limit of the run and the grace are over".to_owned()
            }
            (_, Some(reason)) => format!("abandoned: {reason}"),
            (_, None) => "abandoned".to_owned(),
        }
    }
}

/// What the thread of a hook needs.
struct HookThread {
    label: String,
    def: &'static HookDef,
    state: Arc<State>,
    around: Option<Arc<dyn Around>>,
    ended: Arc<Mutex<Option<Ended>>>,
    notes: Sender<Note>,
}

impl HookThread {
    fn run(self) {
        failure::watch_thread();
        let Self { label, def, state, around, ended, notes } = self;
        let mut result = Ok(());
        let mut body = || result = call(def, &state);
        match &around {
            Some(around) => around.run_hook(&label, &mut body),
            None => body(),
        }
        // After the run only the report has the state.
        drop((state, around));
        *lock(&ended) = Some(result);
        drop(notes.send(Note::Left));
    }
}

fn call(def: &HookDef, state: &Arc<State>) -> Ended {
    let context = Context::new(state);
    let process = process::id();
    let ended = failure::guard(|| (def.body)(&context));
    failure::leave_if_copy(process, &ended);
    failure::check_panic_hook();
    ended.map(drop)
}

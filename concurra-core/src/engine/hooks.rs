//! How the conductor runs setups and teardowns, and abandons those that hang.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::conductor::Conductor;
use super::hook_thread::{HookBody, HookEnd, HookThread};
use super::{Note, nanos};
use crate::event::{Event, HookFinished, HookKind, HookStarted};
use crate::failure::{Ending, Failure};
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;
use crate::plan::Hook;

impl Conductor {
    /// Runs the setups. The first that does not pass skips every task.
    pub(super) fn set_up(&mut self) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.setups {
            self.take_pending();
            if self.stopped.is_some() {
                return;
            }
            let ended = self.call_hook(hook);
            match (ended.outcome, ended.reason) {
                (Outcome::Passed, _) => continue,
                (Outcome::Cancelled, _) => return,
                (Outcome::Skipped, reason) => table.note_skip(reason.unwrap_or_default()),
                (Outcome::TimedOut, _) => {
                    table.note_setup(format!("setup {} timed out", hook.name));
                }
                _ => table.note_setup(format!("setup {} failed", hook.name)),
            }
            table.machine.stop();
            self.postponed = 0;
            table.machine.end_all(table.plan.graph(), Outcome::Skipped, |step| {
                if let Step::Ended(task, outcome) = step {
                    self.end(task, outcome);
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
        let begun = self.now();
        let is_too_late = kind == HookKind::Teardown && self.is_too_late(begun);
        let ended = if is_too_late { Err(Ending::Cancelled) } else { self.run_hook(hook, begun) };
        let ending = ended.err();
        let failure = match &ending {
            Some(Ending::Cancelled) => {
                Some(Failure::message(self.why_cancelled(kind, is_too_late)))
            }
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
        self.events.send(|| Event::HookFinished(finished.clone()));
        self.hooks.push(finished.clone());
        finished
    }

    fn run_hook(&mut self, hook: &Hook, begun: u64) -> HookEnd {
        let started = || HookStarted { hook: hook.def.kind, name: hook.name.clone() };
        self.events.send(|| Event::HookStarted(started()));
        self.events.flush();
        match self.start_hook(hook) {
            Ok(body) => self.await_hook(hook, body, begun),
            Err(error) => {
                let why = format!("no thread could be started for it: {error}");
                Err(Ending::Final(Failure::message(why).into()))
            }
        }
    }

    fn start_hook(&self, hook: &Hook) -> io::Result<HookBody> {
        let thread = HookThread {
            label: format!("{} {}", hook.def.kind, hook.name),
            def: hook.def,
            state: Arc::clone(&self.state),
            around: self.around.clone(),
            notes: self.sender.clone(),
        };
        thread.start()
    }

    /// Waits for the end of a hook, and abandons it when its time is over or a stop cancels it.
    fn await_hook(&mut self, hook: &Hook, body: HookBody, begun: u64) -> HookEnd {
        let deadline = hook.timeout.map(|limit| (begun.saturating_add(nanos(limit)), limit));
        let mut slow = self.slow_period().map(|period| begun.saturating_add(period));
        loop {
            if let Some(ended) = body.ended() {
                return ended;
            }
            let now = self.now();
            self.stop_at_limit(None, now);
            let ending = match deadline {
                Some((deadline, limit)) if deadline <= now => Some(Ending::TimedOut(limit)),
                _ => self.cancels_hook(hook.def.kind, now).then_some(Ending::Cancelled),
            };
            if ending.is_some() || hook.def.kind == HookKind::Setup && self.stopped.is_some() {
                body.cancel();
            }
            if let Some(ending) = ending {
                self.around.iter().for_each(|around| around.abandon(None));
                self.abandoned.hooks.push(body);
                return Err(ending);
            }
            if let Some(next) = slow.filter(|next| *next <= now) {
                let running = Duration::from_nanos(now.saturating_sub(begun));
                let (kind, name) = (hook.def.kind, hook.name.clone());
                self.events.send(|| Event::HookSlow { hook: kind, name, running });
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
            HookKind::Teardown => self.is_too_late(now),
        }
    }

    fn why_cancelled(&self, kind: HookKind, is_too_late: bool) -> String {
        let what = if is_too_late { "did not run" } else { "abandoned" };
        match (kind, self.cancelled_by) {
            (HookKind::Teardown, _) => {
                format!("{what}, as the time limit of the run and the grace are over")
            }
            (HookKind::Setup, Some(reason)) => format!("abandoned: {reason}"),
            (HookKind::Setup, None) => "abandoned".to_owned(),
        }
    }
}

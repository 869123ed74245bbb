//! How the conductor runs setups and teardowns.

use std::process;
use std::sync::Arc;
use std::time::Instant;

use super::conductor::Conductor;
use super::observers::Observers;
use crate::context::Context;
use crate::event::{Event, HookFinished, HookStarted};
use crate::failure::{self, Ending, Failure};
use crate::machine::Step;
use crate::outcome::Outcome;
use crate::plan::Hook;
use crate::state::State;

impl Conductor {
    /// Runs the setups; the first that fails skips every task.
    pub(super) fn set_up(&mut self, observers: &mut Observers<'_>) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.setups {
            if self.call_hook(hook, observers) {
                continue;
            }
            table.note_obstacle(format!("setup {} failed", hook.name));
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
    pub(super) fn tear_down(&mut self, observers: &mut Observers<'_>) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.teardowns {
            self.call_hook(hook, observers);
        }
    }

    /// Calls a hook on this thread; `false` when it failed.
    fn call_hook(&mut self, hook: &Hook, observers: &mut Observers<'_>) -> bool {
        let (kind, name) = (hook.def.kind, &hook.name);
        self.send(|| Event::HookStarted(HookStarted { hook: kind, name: name.clone() }));
        observers.drain();
        let begun = Instant::now();
        let failure = self.within(hook, || call(hook, &self.state)).err();
        let ended = HookFinished {
            hook: kind,
            name: name.clone(),
            file: hook.def.place.file.to_owned(),
            line: hook.def.place.line,
            duration: begun.elapsed(),
            failure: failure.map(|failure| self.table.masked_failure(failure)),
        };
        let passed = ended.failure.is_none();
        self.send(|| Event::HookFinished(ended.clone()));
        observers.drain();
        self.hooks.push(ended);
        passed
    }

    /// Calls the body of a hook inside the `Around` of the run, if it has one.
    fn within<R>(&self, hook: &Hook, body: impl FnOnce() -> R) -> R {
        let Some(around) = &self.around else { return body() };
        let (mut body, mut returned) = (Some(body), None);
        around.run_hook(&format!("{} {}", hook.def.kind, hook.name), &mut || {
            returned = body.take().map(|body| body());
        });
        returned.expect("`Around` calls the body")
    }
}

/// Calls a hook.
fn call(hook: &Hook, state: &Arc<State>) -> Result<(), Failure> {
    let context = Context::new(state);
    let process = process::id();
    let ended = failure::guard(|| (hook.def.body)(&context));
    failure::leave_if_copy(process, &ended);
    failure::check_panic_hook();
    match ended {
        Ok(_) => Ok(()),
        Err(Ending::Skipped(why)) => Err(Failure::message(format!("asked to be skipped: {why}"))),
        Err(ending) => Err(ending.failure().unwrap_or_default()),
    }
}

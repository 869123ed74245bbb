//! A setup or teardown on a thread of its own, so that the conductor can abandon it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::{io, process, thread};

use super::{Around, Note};
use crate::context::Context;
use crate::failure::{self, Ending};
use crate::registry::HookDef;
use crate::state::State;
use crate::sync::lock;

/// How a hook ended.
pub(super) type HookEnd = Result<(), Ending>;

/// A hook whose thread may still run.
#[derive(Debug)]
pub(super) struct HookBody {
    /// `setup prepare`.
    pub(super) label: String,
    /// Set by its thread.
    ended: Arc<Mutex<Option<HookEnd>>>,
}

impl HookBody {
    /// How the hook ended; `None` while it runs.
    pub(super) fn ended(&self) -> Option<HookEnd> {
        lock(&self.ended).clone()
    }
}

/// What the thread of a hook needs.
pub(super) struct HookThread {
    pub(super) label: String,
    pub(super) def: &'static HookDef,
    pub(super) state: Arc<State>,
    pub(super) around: Option<Arc<dyn Around>>,
    /// The thread sends a note when the hook has ended.
    pub(super) notes: Sender<Note>,
}

impl HookThread {
    pub(super) fn start(self) -> io::Result<HookBody> {
        let (label, ended) = (self.label.clone(), Arc::default());
        let body = HookBody { label: label.clone(), ended: Arc::clone(&ended) };
        thread::Builder::new().name(label).spawn(move || self.run(&ended))?;
        Ok(body)
    }

    fn run(self, ended: &Mutex<Option<HookEnd>>) {
        failure::watch_thread();
        let Self { label, def, state, around, notes } = self;
        let mut result = Ok(());
        let mut body = || result = call(def, &state);
        match &around {
            Some(around) => around.run_hook(&label, &mut body),
            None => body(),
        }
        // After the run only the report has the state.
        drop((state, around));
        *lock(ended) = Some(result);
        drop(notes.send(Note::Left));
    }
}

fn call(def: &HookDef, state: &Arc<State>) -> HookEnd {
    let context = Context::new(state);
    let process = process::id();
    let ended = failure::guard(|| (def.body)(&context));
    failure::leave_if_copy(process, &ended);
    failure::check_panic_hook();
    ended.map(drop)
}

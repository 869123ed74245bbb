//! A setup or teardown on a thread of its own, so that the conductor can abandon it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::{io, process, thread};

use super::cancelled::enter_hook;
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
    /// Set by the conductor, for bodies that ask.
    cancelled: Arc<AtomicBool>,
}

impl HookBody {
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

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
    /// Returns when the body begins. So the conductor abandons no body that has not begun, whose
    /// `Around` would take it for a later one.
    pub(super) fn start(self) -> io::Result<HookBody> {
        let (label, ended, cancelled) = (self.label.clone(), Arc::default(), Arc::default());
        let body = HookBody { label, ended: Arc::clone(&ended), cancelled: Arc::clone(&cancelled) };
        let (begins, begun) = channel();
        let run = move || {
            let _restore = enter_hook(&cancelled);
            self.run(&ended, &begins);
        };
        thread::Builder::new().name(body.label.clone()).spawn(run)?;
        // Without a sender the thread has ended already.
        let _ = begun.recv();
        Ok(body)
    }

    fn run(self, ended: &Mutex<Option<HookEnd>>, begins: &Sender<()>) {
        failure::watch_thread();
        let Self { label, def, state, around, notes } = self;
        let mut result = Ok(());
        let mut body = || {
            let _ = begins.send(());
            result = call(def, &state);
        };
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

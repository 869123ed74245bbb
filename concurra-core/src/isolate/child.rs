//! The life of a worker process.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use serde_json::{Value as Json, json};

use super::lines::{message, send};
use super::remote::{Remote, result_as_json};
use super::{key, log};
use crate::context::Context;
use crate::failure::{self, Ending, Failure};
use crate::process::{kill_this_process, start_hint};
use crate::registry::TaskDef;
use crate::state::State;

/// A task runs here.
static BUSY: AtomicBool = AtomicBool::new(false);

/// The parent is gone. Of two threads one sees both, whichever comes first.
static ALONE: AtomicBool = AtomicBool::new(false);

/// Runs tasks until the parent hangs up.
pub(super) fn serve() -> ! {
    let ended = take_socket().and_then(work);
    if let Err(error) = &ended {
        drop(writeln!(io::stderr(), "the worker process cannot go on: {error}"));
    }
    process::exit(i32::from(ended.is_err()))
}

/// Takes the socket from standard input, which is at its end for tasks.
fn take_socket() -> io::Result<UnixStream> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
    Ok(socket)
}

fn work(mut socket: UnixStream) -> io::Result<()> {
    watch(socket.try_clone()?).inspect_err(|error| drop(send(&mut socket, &unable(error))))?;
    let remote = Arc::new(Remote::new(socket)?);
    remote.send(&message("hello", env!("CARGO_PKG_VERSION")))?;
    let Some(start) = remote.order() else { return Ok(()) };
    let state =
        Arc::new(State::elsewhere(params(&start["start"]["params"]), Arc::clone(&remote) as _));
    state.attach(Arc::clone(&remote) as _);
    log::forward(&start["start"]["log"], &remote);
    let tasks = key::all();
    while let Some(order) = remote.order() {
        BUSY.store(true, Ordering::SeqCst);
        if ALONE.load(Ordering::SeqCst) {
            break;
        }
        let def = order["run"].as_str().and_then(|key| tasks.get(key));
        let done = match def {
            Some(def) => run(def, &state),
            None => failed(&Failure::message("its process does not know the task")),
        };
        // What the task printed has to be there when the parent hears of its end.
        drop(io::stdout().flush());
        BUSY.store(false, Ordering::SeqCst);
        remote.send(&message("done", done))?;
    }
    Ok(())
}

/// Ends this process in the middle of a task when the parent is gone: nobody waits for the task any
/// more, nor for what it started.
fn watch(socket: UnixStream) -> io::Result<()> {
    thread::Builder::new().spawn(move || {
        // The end of a connection is told to whoever asks for nothing; what is said wakes nobody.
        let mut end = [PollFd::new(&socket, PollFlags::empty())];
        let _ = retry_on_intr(|| poll(&mut end, None));
        ALONE.store(true, Ordering::SeqCst);
        if BUSY.load(Ordering::SeqCst) {
            kill_this_process();
        }
    })?;
    Ok(())
}

fn unable(error: &io::Error) -> Json {
    message("unable", format!("no thread could be started: {error}{}", start_hint(error)))
}

fn params(given: &Json) -> BTreeMap<String, String> {
    let texts = given.as_object().into_iter().flatten();
    texts.filter_map(|(key, text)| Some((key.clone(), text.as_str()?.to_owned()))).collect()
}

fn run(def: &TaskDef, state: &Arc<State>) -> Json {
    state.forget_shared();
    let context = Context::new(state);
    match failure::guard(|| (def.body)(&context)) {
        Ok(value) => {
            let result = result_as_json(value.as_ref());
            // A result whose drop panics is one all the same.
            failure::discard(value);
            result.unwrap_or_else(|why| message("unwritable", why))
        }
        Err(Ending::Skipped(reason)) => json!({"skipped": reason}),
        Err(ending) => failed(&ending.failure().unwrap_or_default()),
    }
}

fn failed(failure: &Failure) -> Json {
    let Failure { message, causes, place, trace } = failure;
    json!({"failed": {"message": message, "causes": causes, "place": place, "trace": trace}})
}

//! The life of a worker process.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value as Json, json};

use super::lines::{message, send};
use super::remote::{Remote, result_as_json};
use super::{key, log};
use crate::context::Context;
use crate::failure::{self, Ending, Failure};
use crate::process::{kill_this_process, start_hint};
use crate::registry::TaskDef;
use crate::state::State;

/// A task is running, so that whoever loses the parent has something to end.
static BUSY: AtomicBool = AtomicBool::new(false);

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
    let (orders, answers) =
        listen(socket.try_clone()?).inspect_err(|error| drop(send(&mut socket, &unable(error))))?;
    let remote = Arc::new(Remote::new(socket, answers));
    remote.send(&message("hello", env!("CARGO_PKG_VERSION")))?;
    let Ok(start) = orders.recv() else { return Ok(()) };
    let state =
        Arc::new(State::elsewhere(params(&start["start"]["params"]), Arc::clone(&remote) as _));
    state.attach(Arc::clone(&remote) as _);
    log::forward(&start["start"]["log"], &remote);
    let tasks = key::all();
    while let Ok(order) = orders.recv() {
        let def = order["run"].as_str().and_then(|key| tasks.get(key));
        let done = match def {
            Some(def) => run(def, &state),
            None => failed(&Failure::message("its process does not know the task")),
        };
        // What the task printed has to be there when the parent hears of its end.
        drop(io::stdout().flush());
        BUSY.store(false, Ordering::Release);
        remote.send(&message("done", done))?;
    }
    Ok(())
}

/// Hears the parent from a thread of its own: also in the middle of a task.
fn listen(socket: UnixStream) -> io::Result<(Receiver<Json>, Receiver<Json>)> {
    let ((order, orders), (answer, answers)) = (channel(), channel());
    thread::Builder::new().spawn(move || {
        for line in BufReader::new(socket).lines() {
            let Ok(line) = line else { break };
            let Ok(line) = serde_json::from_str::<Json>(&line) else { break };
            let heard = match line.get("answer") {
                Some(answered) => answer.send(answered.clone()).is_ok(),
                None => {
                    BUSY.store(line.get("run").is_some(), Ordering::Release);
                    order.send(line).is_ok()
                }
            };
            if !heard {
                break;
            }
        }
        // Nobody waits for the task any more, nor for what it started.
        if BUSY.load(Ordering::Acquire) {
            kill_this_process();
        }
    })?;
    Ok((orders, answers))
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

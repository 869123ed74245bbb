//! The life of a worker process.

use std::fs;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::Arc;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;

use super::log;
use super::messages::{Done, ToChild, ToParent, tasks_by_key};
use super::remote::Remote;
use crate::codec::Sent;
use crate::context::Context;
use crate::failure::{self, Ending, Failure};
use crate::process::{kill_this_process, start_hint};
use crate::registry::TaskDef;
use crate::state::State;

/// Runs tasks until the parent lets this process end, or ends itself.
pub(super) fn serve() -> ! {
    let ended = take_socket().and_then(work);
    if let Err(error) = &ended {
        drop(writeln!(io::stderr(), "the worker process cannot go on: {error}"));
    }
    process::exit(i32::from(ended.is_err()))
}

/// Takes the socket from standard input, which is empty for tasks.
fn take_socket() -> io::Result<UnixStream> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(fs::File::open("/dev/null")?)?;
    Ok(socket)
}

fn work(socket: UnixStream) -> io::Result<()> {
    let watched = watch(socket.try_clone()?);
    let remote = Arc::new(Remote::new(socket)?);
    if let Err(error) = watched {
        let why = format!("no thread could be started: {error}{}", start_hint(&error));
        drop(remote.send(&ToParent::Unable(why)));
        return Err(error);
    }
    remote.send(&ToParent::Hello(env!("CARGO_PKG_VERSION").to_owned()))?;
    let Some(ToChild::Start { params, log }) = remote.order() else { return Ok(()) };
    let state = Arc::new(State::elsewhere(params, Arc::clone(&remote) as _));
    state.attach(Arc::clone(&remote) as _);
    log::forward(&log, &remote);
    let tasks = tasks_by_key();
    let threads = threads();
    while let Some(order) = remote.order() {
        let ToChild::Run(key) = order else { return Ok(()) };
        let done = match tasks.get(&key) {
            Some(def) => run(def, &state),
            None => Done::Failed(Failure::message("its process does not know the task")),
        };
        // The parent reads the output as soon as it knows that the task has ended.
        drop(io::stdout().flush());
        if self::threads() > threads {
            remote.send(&ToParent::LeftThreads)?;
        }
        remote.send(&ToParent::Done(done))?;
    }
    kill_this_process();
    Ok(())
}

/// Kills this process and all that its tasks started when the parent ends, also while a task runs.
fn watch(socket: UnixStream) -> io::Result<()> {
    thread::Builder::new().spawn(move || {
        // Without flags, only the end of the connection wakes a poll.
        let mut end = [PollFd::new(&socket, PollFlags::empty())];
        let _ = retry_on_intr(|| poll(&mut end, None));
        kill_this_process();
    })?;
    Ok(())
}

/// The number of threads of this process; 0 where the system does not tell it this cheaply.
fn threads() -> u64 {
    // A folder has a link for each folder in it.
    fs::metadata("/proc/self/task").map_or(0, |folder| folder.nlink())
}

fn run(def: &TaskDef, state: &Arc<State>) -> Done {
    state.forget_shared();
    let process = process::id();
    let ended = failure::guard(|| (def.body)(&Context::new(state)));
    failure::leave_if_copy(process, &ended);
    match ended {
        Ok(value) => {
            let sent = value.as_ref().map(Sent::new);
            // A task whose result panics when it drops has passed all the same.
            failure::discard(value);
            Done::Passed(sent)
        }
        Err(Ending::Skipped(reason)) => Done::Skipped(reason),
        Err(ending) => Done::Failed(ending.failure().unwrap_or_default()),
    }
}

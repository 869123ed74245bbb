//! The processes that a command consists of, and how they are told to end.
//!
//! A signal goes to a number, and the system gives the number of a process that was reaped to
//! another one. The number stays with the command as long as its leader is a zombie, so it is
//! forgotten here before the leader is reaped.

use std::io::{self, PipeWriter, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::retry_on_intr;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use super::guard::{Guard, Guarded};

/// The process group of a started command. Once the command is over, it does nothing.
#[derive(Debug)]
pub(crate) struct Group(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    /// The first process; the group has its number.
    leader: Pid,
    /// Ends the reading; gone once it was rung.
    bell: Option<PipeWriter>,
    /// Held until the group is forgotten.
    guarded: Option<Guarded>,
}

impl Group {
    /// The group that a child leads.
    pub(crate) fn new(child: &Child, bell: Option<PipeWriter>) -> Self {
        Self(Mutex::new(Some(Running { leader: Pid::from_child(child), bell, guarded: None })))
    }

    /// Lets the group end with this program.
    pub(crate) fn guard(&self, guard: &Arc<Guard>) {
        if let Some(running) = &mut *self.lock() {
            running.guarded = Some(guard.watch(running.leader));
        }
    }

    /// Asks every process of the group to end.
    pub(crate) fn ask(&self) {
        if let Some(running) = &*self.lock() {
            running.signal(Signal::TERM);
            // A stopped process does not hear. One that reads the terminal's keys is stopped, as
            // its group is not the terminal's.
            running.signal(Signal::CONT);
        }
    }

    /// Kills every process of the group and ends the reading of what they write: a process that
    /// left the group may hold the pipes for ever.
    pub(crate) fn kill(&self) {
        if let Some(running) = &mut *self.lock() {
            running.signal(Signal::KILL);
            if let Some(mut bell) = running.bell.take() {
                // The reader outlives this lock's content, so there is room for a byte and an ear.
                let _ = bell.write_all(&[0]);
            }
        }
    }

    /// Waits for the leader's end, forgets the group and reaps the leader.
    pub(crate) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let leader = WaitId::Pid(Pid::from_child(child));
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let ended = retry_on_intr(|| waitid(leader.clone(), options));
        *self.lock() = None;
        ended?;
        child.wait()
    }

    /// Whether the leader has ended; it is not reaped.
    pub(crate) fn has_ended(&self) -> bool {
        // Under the lock, as nobody may reap it meanwhile and give its number away.
        let running = self.lock();
        let Some(running) = &*running else { return true };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        !matches!(retry_on_intr(|| waitid(WaitId::Pid(running.leader), options)), Ok(None))
    }

    /// Something to read once the leader has ended; `None` where the system has no such thing, or
    /// no room for it.
    pub(super) fn news(&self) -> Option<OwnedFd> {
        // Under the lock, as the number is the leader's only until it is reaped.
        self.lock().as_ref().and_then(|running| pidfd(running.leader))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Nothing is done about errors: what is not there has ended, and what must not be signalled,
    /// such as a program of another user, cannot be.
    fn signal(&self, signal: Signal) {
        if kill_process_group(self.leader, signal).is_err() {
            // A leader can move to another group and leave its own empty.
            let _ = kill_process(self.leader, signal);
        }
    }
}

#[cfg(target_os = "linux")]
fn pidfd(process: Pid) -> Option<OwnedFd> {
    use rustix::process::{PidfdFlags, pidfd_open};
    pidfd_open(process, PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
const fn pidfd(_: Pid) -> Option<OwnedFd> {
    None
}

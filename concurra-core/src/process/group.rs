//! The processes of a command, and how they are ended.
//!
//! A signal goes to a number, and the system gives the number of a reaped process to another one. The
//! number stays with the command as long as its leader is a zombie. So a group forgets its number
//! before it reaps its leader.

use std::io::{self, ErrorKind, PipeWriter, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_current_process_group, kill_process,
    kill_process_group, waitid,
};

use super::guard::Guard;
use super::members::members;
use crate::sync::lock;

/// The process group of a started command. Once the command is over, it does nothing.
#[derive(Debug)]
pub(crate) struct Group(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    child: Child,
    /// The number of the child, and of the group that it leads.
    leader: Pid,
    /// Whether the group was asked to end, and not killed since.
    is_asked: bool,
    /// Ends the reading of the output; `None` once it was rung.
    bell: Option<PipeWriter>,
    guard: Option<Arc<Guard>>,
}

/// The groups that this program has started; each start removes the dropped ones.
static STARTED: Mutex<Vec<Weak<Group>>> = Mutex::new(Vec::new());

/// How long a thread waits for the end of processes before it looks at them again.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

impl Group {
    /// Starts a command that leads a new group; the bell is that of its drain, if it has one.
    /// Drops the command, as it holds the child's ends of the pipes, which would never end.
    pub(crate) fn spawn(mut command: Command, bell: Option<PipeWriter>) -> io::Result<Arc<Self>> {
        command.process_group(0);
        let child = start(command)?;
        let leader = Pid::from_child(&child);
        let running = Running { child, leader, is_asked: false, bell, guard: None };
        let group = Arc::new(Self(Mutex::new(Some(running))));
        let mut started = lock(&STARTED);
        started.retain(|group| group.strong_count() > 0);
        started.push(Arc::downgrade(&group));
        Ok(group)
    }

    /// Lets the group end with this program.
    pub(crate) fn guard(&self, guard: &Arc<Guard>) {
        if let Some(running) = &mut *lock(&self.0) {
            guard.send("begin", running.leader);
            running.guard = Some(Arc::clone(guard));
        }
    }

    /// Asks every process of the group to end.
    pub(crate) fn ask(&self) {
        if let Some(running) = &mut *lock(&self.0) {
            running.signal(Signal::TERM);
            // A stopped process does not handle the signal. One that reads the terminal's keys is
            // stopped, as its group is not the terminal's.
            running.signal(Signal::CONT);
            running.is_asked = true;
        }
    }

    /// Kills every process of the group and ends the reading of their output: a process that left the
    /// group may hold the pipes for ever.
    pub(crate) fn kill(&self) {
        let Some(running) = &mut *lock(&self.0) else { return };
        running.signal(Signal::KILL);
        running.is_asked = false;
        if let Some(mut bell) = running.bell.take() {
            // The pipe has room for a byte.
            let _ = bell.write_all(&[0]);
        }
    }

    /// Kills every process of all groups that this program has started.
    pub(crate) fn kill_started() {
        let started = lock(&STARTED);
        started.iter().filter_map(Weak::upgrade).for_each(|group| group.kill());
    }

    /// Waits for the leader's end, forgets the group and reaps the leader.
    pub(crate) fn wait(&self) -> io::Result<ExitStatus> {
        let leader = lock(&self.0).as_ref().map(|running| running.leader).ok_or(Errno::CHILD)?;
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let ended = retry_on_intr(|| waitid(WaitId::Pid(leader), options));
        if ended.is_ok() {
            self.see_off();
        }
        let Running { mut child, guard, .. } = lock(&self.0).take().ok_or(Errno::CHILD)?;
        if let Some(guard) = guard {
            guard.send("end", leader);
        }
        ended?;
        child.wait()
    }

    /// Lets processes that were asked to end take their time after their leader has ended, until
    /// another thread kills them.
    fn see_off(&self) {
        loop {
            let members = match &*lock(&self.0) {
                Some(running) if running.is_asked => members(running.leader),
                _ => return,
            };
            if members.is_empty() {
                return;
            }
            let ends = members.into_iter().filter_map(pidfd).collect::<Vec<_>>();
            let mut ends =
                ends.iter().map(|end| PollFd::new(end, PollFlags::IN)).collect::<Vec<_>>();
            // Whatever the poll returns, the loop looks at the processes themselves.
            let _ = poll(&mut ends, Some(&PAUSE));
        }
    }

    /// Whether the leader has ended; it is not reaped.
    pub(crate) fn has_ended(&self) -> bool {
        // Under the lock, so that no thread reaps the leader meanwhile.
        let running = lock(&self.0);
        let Some(running) = &*running else { return true };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        !matches!(retry_on_intr(|| waitid(WaitId::Pid(running.leader), options)), Ok(None))
    }

    /// A descriptor that is readable once the leader has ended; `None` where the system has no such
    /// thing, or no room for it.
    pub(super) fn leader_descriptor(&self) -> Option<OwnedFd> {
        // Under the lock, so that no thread reaps the leader meanwhile.
        lock(&self.0).as_ref().and_then(|running| pidfd(running.leader))
    }
}

/// A program that a task has just written may be open in a child that another thread is about to
/// start; that child closes it within moments.
fn start(mut command: Command) -> io::Result<Child> {
    for pause in [1, 2, 4, 8, 16, 32, 64].map(Duration::from_millis) {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => thread::sleep(pause),
            started => return started,
        }
    }
    command.spawn()
}

/// Kills this process and the group that it leads.
pub(crate) fn kill_this_process() {
    let _ = kill_current_process_group(Signal::KILL);
}

impl Running {
    /// Ignores errors: a missing process has ended, and this program must not signal the others,
    /// such as a program of another user.
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

//! Processes that belong to a group and have left it, as `setsid` lets them, also when their
//! parents are gone. Unaware of commands and worker processes.
//!
//! What a group starts inherits a variable that nobody else has, and the system shows with what
//! environment a process began. Not found is who began without that variable, as after
//! `env -u CONCURRA_GROUP`, who writes over its own environment, and who runs as another user.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::env;
use std::ffi::CStr;
use std::fs::{self, DirEntry, File};
use std::hash::BuildHasher;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::process::{self, Command};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, getpgid, pidfd_open, pidfd_send_signal};

use super::stream::read_once;

/// A path: a group that is started inside another one has a path below that of the other.
const NAME: &str = "CONCURRA_GROUP";

/// The most looks for one kill: processes might start others for ever.
const LOOKS: usize = 8;

/// How long somebody waits for processes that may become programs of which nobody knows whose they
/// are. To look at all processes takes its time, and who is killed is known to end.
const PAUSE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// What all processes of a group have in their environment.
#[derive(Debug)]
pub(crate) struct Mark(String);

/// A process that lives, to wait for.
pub(super) type Living = OwnedFd;

/// A group, and its leader: what is still in the group is signalled with it.
pub(super) type Sought<'a> = (&'a Mark, Pid);

impl Mark {
    /// Marks a group that is about to be started.
    pub(crate) fn put_on(command: &mut Command) -> Self {
        let around = env::var(NAME).unwrap_or_default();
        // Neither another program nor a fork of this one may come to the same mark.
        let path = format!("{around}/{}-{:x}", process::id(), RandomState::new().hash_one(()));
        command.env(NAME, &path);
        Self(path)
    }

    /// The mark of the group that this process was started in.
    pub(super) fn inherited() -> Option<Self> {
        env::var(NAME).ok().map(Self)
    }

    /// Whether a process with this path belongs to the group, or to one that was started in it.
    fn covers(&self, path: &[u8]) -> bool {
        matches!(path.strip_prefix(self.0.as_bytes()), Some([] | [b'/', ..]))
    }

    /// Whether a process with this path belongs to the group itself.
    fn is_on(&self, path: &[u8]) -> bool {
        path == self.0.as_bytes()
    }

    /// What nobody else's mark has in it; nothing where processes cannot be looked at.
    pub(super) fn own_part(&self) -> &str {
        if is_proc_ours() { self.0.rsplit('/').next().unwrap_or_default() } else { "" }
    }

    /// Everything that lives of the group, in it or not.
    pub(super) fn living(&self, _: Pid) -> Vec<Living> {
        let mut looker = Looker::default();
        // One that becomes another program right now is seen a moment later.
        for _ in 0..LOOKS {
            let (mut living, mut is_unclear) = (Vec::new(), false);
            for process in processes() {
                match looker.look(process, &|_, path: &[u8]| self.covers(path)) {
                    Standing::Sought(process) => living.push(process),
                    Standing::Unclear => is_unclear = true,
                    Standing::Other => {}
                }
            }
            if !living.is_empty() || !is_unclear {
                return living;
            }
        }
        Vec::new()
    }
}

/// Lets a process be found by nobody who kills a group.
pub(super) fn unmark(command: &mut Command) {
    command.env_remove(NAME);
}

/// Asks what left these groups to end. Groups inside them are left to those who started them and
/// are asked as well: they may have something to do yet.
pub(super) fn ask(groups: &[Sought<'_>]) {
    if groups.is_empty() {
        return;
    }
    let mut looker = Looker::default();
    let is_sought = has_left(groups, Mark::is_on);
    for process in processes() {
        if let Standing::Sought(process) = looker.look(process, &is_sought) {
            signal(&process, Signal::TERM);
            // A stopped process does not hear.
            signal(&process, Signal::CONT);
        }
    }
}

/// Kills what left these groups, once the groups themselves are killed and start nothing more.
pub(super) fn kill(groups: &[Sought<'_>]) {
    if groups.is_empty() {
        return;
    }
    let mut looker = Looker::default();
    let is_sought = has_left(groups, Mark::covers);
    let mut seen = HashSet::new();
    for _ in 0..LOOKS {
        let before = seen.len();
        for number in processes() {
            match looker.look(number, &is_sought) {
                Standing::Sought(process) if seen.insert((number, true)) => {
                    signal(&process, Signal::KILL);
                }
                // The next look tells what became of it.
                Standing::Unclear => drop(seen.insert((number, false))),
                Standing::Sought(_) | Standing::Other => {}
            }
        }
        // One that was found may have started others that this look had passed by.
        if seen.len() == before {
            break;
        }
    }
}

/// Waits until one of these processes has ended, but not for long.
pub(super) fn wait(processes: &[Living]) {
    let polled = processes.iter().map(|process| PollFd::new(process, PollFlags::IN));
    // Whatever a poll says, the processes are looked at again.
    let _ = poll(&mut polled.collect::<Vec<_>>(), Some(&PAUSE));
}

/// Whether a process belongs to one of the groups by its mark and is not in it.
fn has_left(
    groups: &[Sought<'_>],
    belongs: fn(&Mark, &[u8]) -> bool,
) -> impl Fn(Pid, &[u8]) -> bool {
    move |process, path| {
        let left = |leader| getpgid(Some(process)) != Ok(leader);
        groups.iter().any(|(mark, leader)| belongs(mark, path) && left(*leader))
    }
}

/// Nothing is done about errors: what is not there has ended, and what must not be signalled
/// cannot be.
fn signal(process: &OwnedFd, signal: Signal) {
    let _ = pidfd_send_signal(process, signal);
}

/// The numbers of all processes. The last one comes first: it may be about to start another and end.
fn processes() -> impl Iterator<Item = Pid> {
    let entries = is_proc_ours().then(|| fs::read_dir("/proc").ok()).flatten();
    let number = |entry: DirEntry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?);
    let all: Vec<_> = entries.into_iter().flatten().flatten().filter_map(number).collect();
    all.into_iter().rev()
}

/// The numbers there may be those of another namespace, where they mean others.
fn is_proc_ours() -> bool {
    let me = process::id().to_string();
    fs::read_link("/proc/self").is_ok_and(|own| own.as_os_str() == me.as_str())
}

/// How a process stands to what is looked for.
enum Standing {
    Sought(OwnedFd),
    /// It has no environment, as one that becomes another program right now, or has just ended and
    /// may have started another before.
    Unclear,
    Other,
}

/// Looks at one process after the other.
#[derive(Default)]
struct Looker {
    environ: Vec<u8>,
}

impl Looker {
    fn look(&mut self, process: Pid, is_sought: &impl Fn(Pid, &[u8]) -> bool) -> Standing {
        let is_sought =
            |environ: &[u8]| path_in(environ).is_some_and(|path| is_sought(process, path));
        match self.environ(process) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Standing::Unclear,
            Ok([]) if has_program(process) => return Standing::Unclear,
            Ok(environ) if is_sought(environ) => {}
            _ => return Standing::Other,
        }
        // The number may be that of another process by now. What is opened stays with one, whose
        // environment is that which is read after it was opened, or which has ended.
        let opened = pidfd_open(process, PidfdFlags::empty()).ok();
        let opened = opened.filter(|_| self.environ(process).is_ok_and(is_sought));
        opened.map_or(Standing::Other, Standing::Sought)
    }

    /// With what environment a process began; that of another user's is not ours to know.
    fn environ(&mut self, process: Pid) -> io::Result<&[u8]> {
        self.environ.clear();
        let file = File::open(format!("/proc/{process}/environ"))?;
        while let Ok(Some(1..)) = read_once(&file, &mut self.environ) {}
        Ok(&self.environ)
    }
}

/// The path that an environment has.
fn path_in(mut environ: &[u8]) -> Option<&[u8]> {
    while let Ok(variable) = CStr::from_bytes_until_nul(environ) {
        let variable = variable.to_bytes();
        let value = variable.strip_prefix(NAME.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        if value.is_some() {
            return value;
        }
        environ = &environ[variable.len() + 1..];
    }
    None
}

/// What has no program is a part of the system, or dead.
fn has_program(process: Pid) -> bool {
    fs::read_link(format!("/proc/{process}/exe")).is_ok()
}

#[cfg(test)]
mod tests;

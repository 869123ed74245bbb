//! The end of a process, as something to wait for beside other things.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::group::Group;

/// How often somebody has to look where the system does not tell.
const LOOK_AGAIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The end of a group's leader.
#[derive(Debug)]
pub(crate) struct End {
    group: Arc<Group>,
    /// Something to read here is the end; without it, somebody has to look.
    news: Option<OwnedFd>,
}

impl End {
    /// The end of a leader that is not reaped yet.
    pub(crate) fn of(group: Arc<Group>) -> Self {
        let news = group.news();
        Self { group, news }
    }

    /// An end that somebody has to look for, as on systems that do not tell.
    #[cfg(test)]
    pub(crate) const fn untold(group: Arc<Group>) -> Self {
        Self { group, news: None }
    }

    /// What tells that it has come.
    pub(crate) fn polled(&self) -> Option<PollFd<'_>> {
        self.news.as_ref().map(|news| PollFd::new(news, PollFlags::IN))
    }

    /// How long a poll may take before somebody has to look.
    pub(crate) fn patience(&self) -> Option<&'static Timespec> {
        self.news.is_none().then_some(&LOOK_AGAIN)
    }

    /// Whether it has come.
    pub(crate) fn has_come(&self) -> bool {
        self.group.has_ended()
    }

    /// Waits until it has come, but not for ever.
    pub(crate) fn wait(&self, most: Duration) {
        let until = Instant::now() + most;
        let first_look = Duration::from_micros(100);
        let mut pause = if self.news.is_some() { most } else { first_look };
        while !self.has_come() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let pause_now = Timespec::try_from(pause.min(left)).ok();
            // Whatever a poll says, the process itself is asked.
            let _ = poll(self.polled().as_mut_slice(), pause_now.as_ref());
            pause = pause.saturating_mul(2);
        }
    }
}

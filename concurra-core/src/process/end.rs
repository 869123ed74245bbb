//! The end of a process, as something to wait for beside other events.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::group::Group;

/// How often a waiting thread looks where the system reports no end.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The end of a group's leader.
#[derive(Debug)]
pub(crate) struct End {
    group: Arc<Group>,
    /// Readable once the leader has ended; `None` where the system has no such descriptor.
    descriptor: Option<OwnedFd>,
}

impl End {
    /// The end of a leader that is not reaped yet.
    pub(crate) fn of(group: Arc<Group>) -> Self {
        let descriptor = group.leader_descriptor();
        Self { group, descriptor }
    }

    /// An end that the system does not report.
    #[cfg(test)]
    pub(crate) const fn unreported(group: Arc<Group>) -> Self {
        Self { group, descriptor: None }
    }

    /// The descriptor to poll, if there is one.
    pub(crate) fn polled(&self) -> Option<PollFd<'_>> {
        self.descriptor.as_ref().map(|descriptor| PollFd::new(descriptor, PollFlags::IN))
    }

    /// How long a poll may take before its thread has to look by itself.
    pub(crate) fn pause(&self) -> Option<Duration> {
        self.descriptor.is_none().then_some(LOOK_AGAIN)
    }

    /// Whether the leader has ended.
    pub(crate) fn has_come(&self) -> bool {
        self.group.has_ended()
    }

    /// Waits until the leader has ended, at most so long.
    pub(crate) fn wait(&self, most: Duration) {
        let until = Instant::now() + most;
        while !self.has_come() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let pause = Timespec::try_from(self.pause().map_or(left, |pause| pause.min(left)));
            // Whatever the poll returns, the loop looks at the leader itself.
            let _ = poll(self.polled().as_mut_slice(), pause.ok().as_ref());
        }
    }
}

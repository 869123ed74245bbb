//! The worker processes of a run that wait for a task.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value as Json;

use super::error::HostError;
use super::host::Host;

/// The worker processes of a run that wait for a task; at most one for each worker.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    waiting: Mutex<Vec<Host>>,
    /// Why no other process will ever take a task: to find that out may take a minute.
    hopeless: OnceLock<Arc<HostError>>,
}

impl Hosts {
    /// A process that waits, or a new one.
    pub(crate) fn take(&self, params: impl FnOnce() -> Json) -> Result<Host, Arc<HostError>> {
        // One may have died since its last task, which is no fault of the next.
        while let Some(host) = self.pop() {
            if host.lives() {
                return Ok(host);
            }
        }
        if let Some(error) = self.hopeless.get() {
            return Err(Arc::clone(error));
        }
        Host::start(&params()).map_err(Arc::new).inspect_err(|error| {
            if error.is_lasting() {
                self.hopeless.get_or_init(|| Arc::clone(error));
            }
        })
    }

    fn pop(&self) -> Option<Host> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Keeps a process for the next task.
    pub(crate) fn give_back(&self, host: Host) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(host);
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        let hosts = self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner);
        // All of them end at once instead of one after the other.
        hosts.iter().for_each(Host::dismiss);
    }
}

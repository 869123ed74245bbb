//! The worker processes of a run that wait for a task.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::error::HostError;
use super::host::Host;
use crate::sync::lock;

/// The worker processes of a run that wait for a task; at most one for each worker.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    waiting: Mutex<Vec<Host>>,
    /// Why no worker process will ever take a task: each attempt to start one may take a minute.
    lasting_error: OnceLock<Arc<HostError>>,
}

impl Hosts {
    /// A waiting process, or a new one.
    pub(crate) fn take(&self, params: &BTreeMap<String, String>) -> Result<Host, Arc<HostError>> {
        // A waiting process may have died, for no fault of the next task.
        while let Some(host) = { lock(&self.waiting).pop() } {
            if host.lives() {
                return Ok(host);
            }
        }
        if let Some(error) = self.lasting_error.get() {
            return Err(Arc::clone(error));
        }
        Host::start(params.clone()).map_err(Arc::new).inspect_err(|error| {
            if error.is_lasting() {
                self.lasting_error.get_or_init(|| Arc::clone(error));
            }
        })
    }

    /// Keeps a process for the next task.
    pub(crate) fn give_back(&self, host: Host) {
        lock(&self.waiting).push(host);
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        // Each `Host` waits for its process when it drops; so all processes begin to end first.
        lock(&self.waiting).iter_mut().for_each(Host::dismiss);
    }
}

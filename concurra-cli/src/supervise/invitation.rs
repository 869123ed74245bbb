//! The variable by which `mtrun` invites the runner that it starts.

use std::path::PathBuf;

use serde::Deserialize;
#[cfg(feature = "launcher")]
use serde::Serialize;

use super::{PROTOCOL, VERSION};
use crate::os_text;

/// The variable's name.
pub(crate) const VARIABLE: &str = "CONCURRA_SUPERVISOR";

/// The invitation of `mtrun` to the runner that it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "launcher", derive(Serialize))]
pub(crate) struct Invitation {
    /// The part that every version reads.
    #[serde(flatten)]
    pub(crate) greeting: Greeting,
    /// A file that the runner removes to take the invitation. The programs that a
    /// task starts inherit the variable, but the file can be removed only once. The number of the parent
    /// process proves nothing: cargo or its configured runner may be the parent.
    #[serde(with = "os_text")]
    pub(crate) ticket: PathBuf,
    /// The target that `mtrun` means; see [`crate::Root::identity`].
    pub(crate) target: String,
    /// Where `mtrun` listens.
    #[serde(with = "os_text")]
    pub(crate) socket: PathBuf,
    /// The file of running tasks.
    #[serde(with = "os_text")]
    pub(crate) board: PathBuf,
    /// The folder in which `mtrun` was called: relative paths on the command line start here.
    #[serde(with = "os_text")]
    pub(crate) base: PathBuf,
    /// The command that ran this target, as in `mtrun --release tests/orders.rs`.
    pub(crate) command: String,
    /// `mtrun` sends its stdout over the socket, as the stdout of the process is closed.
    pub(crate) sends_stdout: bool,
    /// Other targets run as well, so that a name may be unknown here and known there.
    pub(crate) several: bool,
    /// The heading above the output of this target among several. The runner prints it, as only the runner
    /// knows whether any output follows.
    pub(crate) heading: String,
}

/// The part of an invitation that every version writes and reads, or two versions that do not fit
/// could not name each other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "launcher", derive(Serialize))]
pub(crate) struct Greeting {
    /// The protocol that `mtrun` speaks.
    pub(crate) protocol: u32,
    /// The version of `mtrun`.
    #[serde(default)]
    pub(crate) version: String,
    /// The process that invites.
    pub(crate) parent: u32,
}

impl Invitation {
    /// The value of the variable.
    #[cfg(feature = "launcher")]
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("an invitation is JSON")
    }
}

impl Default for Greeting {
    /// From this process, in this version.
    fn default() -> Self {
        Self { protocol: PROTOCOL, version: VERSION.to_owned(), parent: std::process::id() }
    }
}

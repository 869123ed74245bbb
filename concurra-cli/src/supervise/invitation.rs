//! The variable that tells a runner that it is supervised.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{PROTOCOL, VERSION};

/// The variable's name.
pub const VARIABLE: &str = "CONCURRA_SUPERVISOR";

/// What `mtrun` tells the runner that it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The protocol that `mtrun` speaks.
    pub protocol: u32,
    /// The version of `mtrun`.
    pub version: String,
    /// The process that invites.
    pub parent: u32,
    /// A file that the runner removes to take the invitation. A variable is inherited by whatever a
    /// task starts, but the file can be removed only once. The parent says nothing of this: cargo
    /// and its configured runner may stand between.
    pub ticket: PathBuf,
    /// The target that `mtrun` means; see [`crate::Root::identity`].
    pub target: String,
    /// Where `mtrun` listens.
    pub socket: PathBuf,
    /// The file of running tasks.
    pub board: PathBuf,
    /// Where the person called `mtrun`: relative paths on the command line start here.
    pub base: PathBuf,
    /// The command that ran this target, as in `mtrun --release tests/orders.rs`.
    pub command: String,
    /// `mtrun` sends its stdout over the socket, as the one that the process has is not for people.
    pub sends_stdout: bool,
    /// Other targets run as well, so that a name unknown here may be known there.
    pub several: bool,
    /// What stands above the output of this target among several. The runner prints it, as only it
    /// knows whether anything will stand below.
    pub heading: String,
}

impl Invitation {
    /// The value of the variable. Paths that are not Unicode are none that `mtrun` makes.
    #[must_use]
    pub fn to_text(&self) -> String {
        json!({
            "protocol": self.protocol,
            "version": self.version,
            "parent": self.parent,
            "ticket": self.ticket.to_string_lossy(),
            "target": self.target,
            "socket": self.socket.to_string_lossy(),
            "board": self.board.to_string_lossy(),
            "base": self.base.to_string_lossy(),
            "command": self.command,
            "sends_stdout": self.sends_stdout,
            "several": self.several,
            "heading": self.heading,
        })
        .to_string()
    }

    /// Reads what any version of `mtrun` may have written: what is missing becomes empty, as the
    /// numbers of protocol and version must be readable even when nothing else fits.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| json[key].as_u64().and_then(|number| u32::try_from(number).ok());
        Some(Self {
            protocol: number("protocol")?,
            version: text("version"),
            parent: number("parent")?,
            ticket: text("ticket").into(),
            target: text("target"),
            socket: text("socket").into(),
            board: text("board").into(),
            base: text("base").into(),
            command: text("command"),
            sends_stdout: json["sends_stdout"].as_bool().unwrap_or(false),
            several: json["several"].as_bool().unwrap_or(false),
            heading: text("heading"),
        })
    }

    pub(super) fn fits(&self) -> bool {
        self.protocol == PROTOCOL
    }

    /// Takes the invitation, if this process is the first to do so.
    pub(super) fn take(&self) -> bool {
        std::fs::remove_file(&self.ticket).is_ok()
    }

    /// Whether the process that invites started this one.
    pub(super) fn is_from_parent(&self) -> bool {
        self.parent == std::os::unix::process::parent_id()
    }
}

/// An invitation of this version, to be filled in.
impl Default for Invitation {
    fn default() -> Self {
        Self {
            protocol: PROTOCOL,
            version: VERSION.to_owned(),
            parent: std::process::id(),
            ticket: PathBuf::new(),
            target: String::new(),
            socket: PathBuf::new(),
            board: PathBuf::new(),
            base: PathBuf::new(),
            command: String::new(),
            sends_stdout: false,
            several: false,
            heading: String::new(),
        }
    }
}

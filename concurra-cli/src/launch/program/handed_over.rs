//! How cargo starts a program.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::launch::targets::Kind;
use crate::os_text;

/// The folder and the variables with which cargo starts a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HandedOver {
    /// The program as cargo names it in `dir`.
    #[serde(with = "os_text")]
    pub(crate) program: PathBuf,
    #[serde(with = "os_text")]
    pub(crate) dir: PathBuf,
    pub(crate) variables: Vec<Variable>,
}

/// The name of a variable and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Variable(pub(crate) String, #[serde(with = "os_text")] pub(crate) OsString);

impl HandedOver {
    /// The program's file.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.join(&self.program)
    }

    /// The command with which cargo starts the program.
    pub(crate) fn command(&self, kind: Kind) -> Command {
        let mut command = Command::new(self.path());
        command.envs(self.variables.iter().map(|Variable(name, value)| (name, value)));
        // `cargo test` runs tests in their package, `cargo run` leaves the person's folder.
        if kind == Kind::Test {
            command.current_dir(&self.dir);
        } else if std::env::current_dir().is_ok_and(|here| here == self.dir) {
            command.arg0(&self.program);
        }
        command
    }
}

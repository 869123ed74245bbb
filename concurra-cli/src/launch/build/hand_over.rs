//! How cargo hands over programs: it takes `mtrun` for the runner of what it built.
//!
//! Cargo calls `mtrun @hand-over PROGRAM` with the folder and the variables that the program would
//! have. That `mtrun` prints them as a line on the stdout that it shares with cargo, where the
//! `mtrun` that started cargo reads it. An option on cargo's command line is not inherited by what
//! cargo starts, as a variable would be.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::launch::error::LaunchError;

/// The first argument of the `mtrun` that cargo calls.
pub(crate) const WORD: &str = "@hand-over";

/// What such a line begins with.
const PREFIX: &[u8] = b"concurra-hand-over ";

/// A program as cargo would start it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Handed {
    pub(super) program: OsString,
    pub(super) dir: OsString,
    pub(super) variables: Vec<(OsString, OsString)>,
}

impl Handed {
    /// Reads a line of cargo's stdout, when it hands over a program; none in it when it is damaged.
    pub(super) fn parse(line: &[u8]) -> Option<Option<Self>> {
        line.strip_prefix(PREFIX).map(|json| serde_json::from_slice(json).ok())
    }

    /// The program's file.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(&self.dir).join(&self.program)
    }
}

/// The options that make cargo call this program.
pub(super) fn options() -> Result<Vec<String>, LaunchError> {
    // The link stays right when a build replaces the file of `mtrun`.
    let own = if cfg!(target_os = "linux") {
        format!("/proc/{}/exe", std::process::id())
    } else {
        let own = std::env::current_exe().map_err(LaunchError::Cargo)?;
        own.into_os_string().into_string().unwrap_or_else(|_| "mtrun".to_owned())
    };
    let runner = toml_edit::Array::from_iter([own.as_str(), WORD]);
    Ok(vec!["--config".to_owned(), format!("target.\"cfg(all())\".runner={runner}")])
}

/// Prints what cargo hands over; `args` begin with the program.
pub(crate) fn hand_over(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let dir = std::env::current_dir().unwrap_or_default().into_os_string();
    let program = args.next().unwrap_or_default();
    let handed = Handed { program, dir, variables: std::env::vars_os().collect() };
    let line = serde_json::to_vec(&handed).map_err(std::io::Error::other);
    let written =
        line.and_then(|line| std::io::stdout().lock().write_all(&[PREFIX, &line, b"\n"].concat()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: mtrun cannot take over what cargo built: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cargo_are_told_from_handed_programs() {
        let handed = Handed { program: "t/a b".into(), dir: "/w".into(), variables: Vec::new() };
        let line = [PREFIX, &serde_json::to_vec(&handed).expect("text")].concat();
        let read = Handed::parse(&line).flatten().expect("a program");
        assert_eq!(read.path(), PathBuf::from("/w/t/a b"));
        assert!(Handed::parse(&line[..line.len() - 1]).expect("such a line").is_none());
        assert!(Handed::parse(b"{\"reason\":\"build-finished\"}").is_none());
    }
}

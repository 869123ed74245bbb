//! How cargo hands over programs: it takes `mtrun` for the runner of the programs that it built.
//!
//! Cargo calls `mtrun @hand-over PROGRAM` with the folder and the variables that the program would
//! have. That `mtrun` prints them as a line on the stdout that it shares with cargo, where the
//! `mtrun` that started cargo reads it. Programs that cargo starts inherit variables, but no option
//! on cargo's command line.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use crate::launch::error::LaunchError;
use crate::launch::program::{HandedOver, Variable};

/// The first argument of the `mtrun` that cargo calls.
pub(crate) const WORD: &str = "@hand-over";

/// The beginning of such a line.
const PREFIX: &[u8] = b"concurra-hand-over ";

/// The program that a line of cargo's stdout hands over; none inside when the line is damaged.
pub(super) fn parse(line: &[u8]) -> Option<Option<HandedOver>> {
    line.strip_prefix(PREFIX).map(|json| serde_json::from_slice(json).ok())
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

/// Prints the program that cargo hands over, its folder and its variables; `args` begin with the
/// program.
pub(crate) fn hand_over(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let program = args.next().unwrap_or_default().into();
    let dir = std::env::current_dir().unwrap_or_default();
    let variables = std::env::vars_os();
    let variables =
        variables.filter_map(|(name, value)| Some(Variable(name.into_string().ok()?, value)));
    let handed = HandedOver { program, dir, variables: variables.collect() };
    if let Err(error) = std::io::stdout().write_all(&line(&handed)) {
        eprintln!("error: mtrun cannot take over the program that cargo built: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn line(handed: &HandedOver) -> Vec<u8> {
    let json = serde_json::to_vec(handed).expect("paths and variables are JSON");
    [PREFIX, &json, b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_hand_over_programs_differ_from_other_lines_of_cargo() {
        let (program, dir) = ("t/a b".into(), "/w".into());
        let handed = HandedOver { program, dir, variables: vec![Variable("A".into(), "b".into())] };
        let line = line(&handed);
        let line = line.trim_ascii_end();
        assert_eq!(parse(line), Some(Some(handed)));
        assert_eq!(parse(&line[..line.len() - 1]), Some(None), "a damaged one");
        assert_eq!(parse(b"{\"reason\":\"build-finished\"}"), None);
    }
}

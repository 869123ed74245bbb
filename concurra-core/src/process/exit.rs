//! The end of a command: its return code, its failure, and the words for them.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use signal_hook::consts::SIGKILL;
use signal_hook::low_level;

use super::output::{Captured, CommandOutput};
use crate::failure::Failure;
use crate::secret::Secrets;

/// The exit code, or the signal below zero, as Python has it.
pub(super) fn returncode(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| status.signal().map(|signal| -signal))
}

/// The failure of a command, with the last lines that it wrote; `None` when it succeeded.
pub(super) fn failure(status: ExitStatus, output: &CommandOutput) -> Option<Failure> {
    if status.success() {
        return None;
    }
    let streams = [&output.stdout, &output.stderr].map(Captured::as_bytes);
    Some(Failure::message(words(status) + &last_words(streams, &output.secrets)))
}

/// The last lines of a process on standard error, or else on standard output. They follow the words
/// on how the process ended.
pub(crate) fn last_words([stdout, stderr]: [&[u8]; 2], secrets: &Secrets) -> String {
    let tails = [("stderr", tail(stderr, secrets)), ("stdout", tail(stdout, secrets))];
    match tails.into_iter().find(|(_, tail)| !tail.is_empty()) {
        Some((name, tail)) if tail.contains('\n') => format!("; the end of its {name}:\n{tail}"),
        Some((_, tail)) => format!(": {tail}"),
        None => String::new(),
    }
}

fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with {code}"),
        (None, Some(signal)) => {
            let more = match signal {
                _ if status.core_dumped() => " (core dumped)",
                SIGKILL => " (by a user or a program, or by the system when memory ran out)",
                _ => "",
            };
            format!("killed by {}{more}", signal_name(signal))
        }
        (None, None) => status.to_string(),
    }
}

pub(crate) fn signal_name(number: i32) -> String {
    low_level::signal_name(number).map_or_else(|| format!("signal {number}"), str::to_owned)
}

/// The most lines that a message quotes.
const LINES: usize = 10;

/// The most bytes that a message quotes: a line may be long.
const BYTES: usize = 4 * 1024;

/// The last lines of a stream, without secrets.
fn tail(stream: &[u8], secrets: &Secrets) -> String {
    // Only the last bytes are searched for secrets. The mask comes before the other cuts, as a
    // secret that a cut divides would show its half.
    let end = &stream[stream.len().saturating_sub(16 * BYTES)..];
    let end = String::from_utf8_lossy(end);
    let end = secrets.mask(end.trim_end().trim_start_matches('\n'));
    let start = end.rmatch_indices('\n').nth(LINES - 1).map_or(0, |(at, _)| at + 1);
    let lines = &end[start..];
    let cut = lines.len().saturating_sub(BYTES);
    match (cut..).find(|at| lines.is_char_boundary(*at)) {
        Some(cut @ 1..) => format!("…{}", &lines[cut..]),
        _ => lines.to_owned(),
    }
}

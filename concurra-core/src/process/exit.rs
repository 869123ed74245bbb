//! What the end of a command means: its return code, its failure, the words for both.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::Signal;

use super::output::{Captured, CommandOutput};
use crate::failure::Failure;
use crate::secret::Secrets;

/// The exit code, or the signal below zero, as Python has it.
pub(super) fn returncode(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| status.signal().map(|signal| -signal))
}

/// The failure that an end is, with the last lines that the command wrote.
pub(super) fn failure(status: ExitStatus, output: &CommandOutput) -> Option<Failure> {
    if status.success() {
        return None;
    }
    let streams = [&output.stdout, &output.stderr].map(Captured::as_bytes);
    Some(Failure::message(words(status) + &last_words(streams, &output.secrets)))
}

/// The end of what a process wrote to standard error, or else to standard output, as it stands
/// behind what became of the process.
pub(crate) fn last_words([stdout, stderr]: [&[u8]; 2], secrets: &Secrets) -> String {
    let tails = [("stderr", tail(stderr, secrets)), ("stdout", tail(stdout, secrets))];
    match tails.into_iter().find(|(_, tail)| !tail.is_empty()) {
        Some((name, tail)) if tail.contains('\n') => format!("; the end of its {name}:\n{tail}"),
        Some((_, tail)) => format!(": {tail}"),
        None => String::new(),
    }
}

const KILL: i32 = Signal::KILL.as_raw();

fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with {code}"),
        (None, Some(signal)) => {
            let more = match signal {
                _ if status.core_dumped() => " (core dumped)",
                KILL => " (by somebody, or by the system when memory ran out)",
                _ => "",
            };
            format!("killed by {}{more}", signal_name(signal))
        }
        (None, None) => status.to_string(),
    }
}

/// The signals of which people know the name.
const NAMES: &[(Signal, &str)] = &[
    (Signal::HUP, "SIGHUP"),
    (Signal::INT, "SIGINT"),
    (Signal::QUIT, "SIGQUIT"),
    (Signal::ILL, "SIGILL"),
    (Signal::TRAP, "SIGTRAP"),
    (Signal::ABORT, "SIGABRT"),
    (Signal::BUS, "SIGBUS"),
    (Signal::FPE, "SIGFPE"),
    (Signal::KILL, "SIGKILL"),
    (Signal::SEGV, "SIGSEGV"),
    (Signal::SYS, "SIGSYS"),
    (Signal::PIPE, "SIGPIPE"),
    (Signal::ALARM, "SIGALRM"),
    (Signal::TERM, "SIGTERM"),
    (Signal::USR1, "SIGUSR1"),
    (Signal::USR2, "SIGUSR2"),
    (Signal::XCPU, "SIGXCPU"),
    (Signal::XFSZ, "SIGXFSZ"),
];

pub(crate) fn signal_name(number: i32) -> String {
    let known = NAMES.iter().find(|(signal, _)| signal.as_raw() == number);
    known.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned())
}

/// The most lines that a message quotes.
const LINES: usize = 10;

/// The most bytes that a message quotes: a line may be all of 200 MB.
const BYTES: usize = 4 * 1024;

/// The last lines of a stream, without secrets.
fn tail(stream: &[u8], secrets: &Secrets) -> String {
    // Masks come before the cut, or a secret that the cut divides would show its half; what is
    // searched for secrets has a limit as well.
    let end = last_bytes(stream, 16 * BYTES);
    let end = String::from_utf8_lossy(end);
    let end = secrets.mask(end.trim_end().trim_start_matches('\n'));
    let start = end.rmatch_indices('\n').nth(LINES - 1).map_or(0, |(at, _)| at + 1);
    let lines = &end[start..];
    let kept = String::from_utf8_lossy(last_bytes(lines.as_bytes(), BYTES));
    if kept.len() < lines.len() { format!("…{kept}") } else { kept.into_owned() }
}

/// The last bytes, from the start of a character on.
fn last_bytes(bytes: &[u8], most: usize) -> &[u8] {
    let end = &bytes[bytes.len().saturating_sub(most)..];
    let cut = end.len() < bytes.len();
    let partial = end.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    if cut { &end[partial..] } else { end }
}

//! Starts a runner and watches over it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use concurra_core::Outcome;

use super::death::death;
use super::error::LaunchError;
use super::interrupt::Interrupts;
use super::relay::Relay;
use super::report;
use super::stamp::Executable;
use crate::options::{ARGS_VARIABLE, args_for_variable};
use crate::supervise::{Closing, ExitClass, Heard, Invitation, VARIABLE, Watch};

/// A runner to start.
#[derive(Debug)]
pub(super) struct Start<'a> {
    /// For messages.
    pub(super) label: &'a str,
    pub(super) executable: &'a Executable,
    pub(super) path: &'a Path,
    /// Its `main` is libtest's.
    pub(super) harness: bool,
    pub(super) args: Vec<OsString>,
    pub(super) printed: Printed,
    /// What the runner is told about us.
    pub(super) invitation: Invitation,
}

/// What is passed on of what a runner prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Printed {
    Everything,
    Errors,
    Nothing,
}

/// How a runner ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) class: ExitClass,
    pub(super) closing: Option<Closing>,
    /// What to say when it did not finish.
    pub(super) trouble: Option<String>,
}

impl Ended {
    /// How much of it failed: tasks, hooks, and a run that did not come to its end.
    pub(super) fn failures(&self) -> usize {
        let lost = usize::from(self.closing.is_none() && self.class == ExitClass::Failed);
        let crashed = usize::from(self.closing.is_some() && self.trouble.is_some());
        let told = self.closing.as_ref().map_or(0, |closing| {
            let failed = |outcome| matches!(outcome, Outcome::Failed | Outcome::TimedOut);
            let tasks = closing.counts.iter().filter(|(outcome, _)| failed(*outcome));
            let tasks = tasks.map(|(_, count)| count).sum::<usize>();
            tasks + closing.failed_setups + closing.failed_teardowns
        });
        told + lost + crashed
    }
}

/// Runs a runner to its end.
pub(super) fn supervise(
    mut start: Start<'_>,
    interrupts: &Interrupts,
) -> Result<Ended, LaunchError> {
    let failed = |source| LaunchError::Start { target: start.label.to_owned(), source };
    let watch = Watch::listen(&mut start.invitation).map_err(failed)?;
    let mut command = command(&start, &start.args);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(source) => {
            drop(watch.finish());
            return Err(failed(source));
        }
    };
    let watched = interrupts.watch_runner(child.id(), watch.orders());
    let relay = child.stdout.take().map(Relay::start);
    let status = child.wait();
    drop(watched);
    // What was printed must be out before anything is said about it.
    let lost = relay.and_then(Relay::end);
    let heard = watch.finish();
    let mut ended = judge(status.map_err(failed)?, heard, interrupts);
    if let Some(error) = lost {
        ended.class = ended.class.or(report::lost(&error));
    }
    Ok(ended)
}

/// The runner's process, as cargo would start it.
pub(super) fn command(start: &Start<'_>, args: &[OsString]) -> Command {
    let mut command = Command::new(start.path);
    if start.harness {
        // Two threads keep libtest from printing the test's name before the test runs.
        command.args(["concurra", "--exact", "--nocapture", "--test-threads=2"]);
        command.env(ARGS_VARIABLE, args_for_variable(args));
    } else {
        command.args(args).env_remove(ARGS_VARIABLE);
    }
    match start.printed {
        Printed::Everything if start.harness => drop(command.stdout(Stdio::piped())),
        Printed::Everything => {}
        Printed::Errors => drop(command.stdin(Stdio::null()).stdout(Stdio::null())),
        Printed::Nothing => {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        }
    }
    command.env(VARIABLE, start.invitation.to_text());
    command.envs(&start.executable.variables);
    if let Some(dir) = &start.executable.dir {
        command.current_dir(dir);
    }
    if let Some((name, value)) = libraries(start.executable) {
        command.env(name, value);
    }
    command
}

/// Where the dynamic linker looks: our folders before those that are set.
fn libraries(executable: &Executable) -> Option<(&'static str, OsString)> {
    let name =
        if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let set = std::env::var_os(name).unwrap_or_default();
    let set = std::env::split_paths(&set).filter(|path| !path.as_os_str().is_empty());
    let all = executable.libraries.iter().cloned().chain(set);
    Some((name, std::env::join_paths(all).ok()?))
}

/// A run is what its closing record says, if its process ended as that record lets expect.
fn judge(status: ExitStatus, heard: Heard, interrupts: &Interrupts) -> Ended {
    if let Some(kind) = interrupts.first() {
        return Ended { class: ExitClass::Stopped(kind), closing: heard.closing, trouble: None };
    }
    let expected = heard.closing.as_ref().map(|closing| closing.class);
    match expected {
        Some(class) if status.code() == Some(class.mtrun_code().into()) => {
            Ended { class, closing: heard.closing, trouble: None }
        }
        // The record stands, but something went wrong after it; a good run is then not good.
        Some(class) => {
            let good = matches!(class, ExitClass::Good | ExitClass::Nothing);
            let class = if good { ExitClass::Failed } else { class };
            let trouble = Some(format!("the run ended, but then its process {}", death(status)));
            Ended { class, closing: heard.closing, trouble }
        }
        None => unfinished(status, &heard),
    }
}

fn unfinished(status: ExitStatus, heard: &Heard) -> Ended {
    let refused = ExitClass::Listing.mtrun_code();
    if heard.hello.is_none() && status.code() == Some(refused.into()) {
        // The runner has said why it does not take the invitation.
        let trouble = Some("the runner refused to be supervised".to_owned());
        return Ended { class: ExitClass::Listing, closing: None, trouble };
    }
    let running = match heard.running.as_slice() {
        [] => "; no task was running".to_owned(),
        running => format!(" while running: {}", running.join(", ")),
    };
    let trouble = Some(format!("the run did not finish: its process {}{running}", death(status)));
    Ended { class: ExitClass::Failed, closing: None, trouble }
}

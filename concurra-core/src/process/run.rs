//! One attempt: start, read, wait, judge.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;

use super::check::check;
use super::drain::Drain;
use super::exit;
use super::explain::{caused_by, explain, program_path};
use super::group::Group;
use super::output::{Captured, CommandOutput};
use super::spec::CommandSpec;
use crate::failure::Failure;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandRun {
    /// The output of the command, also when it failed.
    pub(crate) output: CommandOutput,
    /// Why it failed, if it did.
    pub(crate) failure: Option<Failure>,
    /// Whether no system can run the command, so that every attempt fails.
    pub(crate) is_impossible: bool,
}

/// Runs a command to its end: its first process has ended, and no process can write to its captured
/// streams any more. Its standard input is empty.
///
/// `started` receives the command's processes, so that another thread can end them.
pub(crate) fn run(spec: &CommandSpec, started: impl FnOnce(Arc<Group>)) -> CommandRun {
    let mut output = CommandOutput::of(spec);
    if let Err(mistake) = check(spec) {
        let failure = Some(Failure::message(mistake));
        return CommandRun { output, failure, is_impossible: true };
    }
    let failure = match attempt(spec, started, &mut output) {
        Ok(status) if spec.check => exit::failure(status, &output),
        Ok(_) => None,
        Err(failure) => Some(failure),
    };
    CommandRun { output, failure, is_impossible: false }
}

fn attempt(
    spec: &CommandSpec,
    started: impl FnOnce(Arc<Group>),
    output: &mut CommandOutput,
) -> Result<ExitStatus, Failure> {
    let mut command = command(spec);
    let drain = spec.capture.then(|| Drain::new(&mut command)).transpose();
    let (mut drain, bell) = drain.map_err(|error| explain(spec, &error))?.unzip();
    let group = Group::spawn(command, bell).map_err(|error| explain(spec, &error))?;
    started(Arc::clone(&group));
    let mut read = drain.as_mut().map_or(Ok(()), Drain::read_all);
    if read.is_err() {
        // The command would wait for ever for a reader.
        group.kill();
    }
    let status = group.wait();
    output.returncode = status.as_ref().ok().copied().and_then(exit::returncode);
    if let Some(mut drain) = drain {
        read = read.and_then(|()| drain.read_rest());
        [output.stdout, output.stderr] = drain.take().map(|bytes| Captured::new(spec, bytes));
    }
    read.map_err(|error| caused_by("the command's output could not be read", &error))?;
    status.map_err(|error| {
        let message = "the exit code is lost: this process ignores SIGCHLD, or waits for any child";
        caused_by(message, &error)
    })
}

fn command(spec: &CommandSpec) -> Command {
    let mut command = Command::new(program_path(spec));
    command.arg0(spec.program()).args(spec.words.iter().skip(1));
    command.stdin(Stdio::null());
    command.envs(spec.env.iter().map(|(name, value)| (name, value)));
    if let Some(dir) = &spec.current_dir {
        command.current_dir(dir);
    }
    command
}

//! One attempt: start, read, wait, judge.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

use super::check::check;
use super::drain::Drain;
use super::error::RunError;
use super::exit;
use super::explain::{explain, located};
use super::group::Group;
use super::output::{Captured, CommandOutput};
use super::spec::{CommandSpec, Form, SHELL};
use crate::failure::Failure;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandRun {
    /// What the command left behind, also when it failed.
    pub(crate) output: CommandOutput,
    /// Why it failed, if it did.
    pub(crate) failure: Option<Failure>,
    /// No system can run it, so that every attempt would come to the same.
    pub(crate) is_impossible: bool,
}

/// Runs a command to its end: its first process has ended, and nobody can write to its captured
/// streams any more. It has nothing on its standard input.
///
/// `started` is given the command's processes, so that another thread can end them.
pub(crate) fn run(spec: &CommandSpec, started: impl FnOnce(Arc<Group>)) -> CommandRun {
    let mut output = CommandOutput::of(spec);
    let checked = check(spec);
    let is_impossible = checked.is_err();
    let failure = match checked.and_then(|()| attempt(spec, started, &mut output)) {
        Ok(status) if spec.check => exit::failure(status, &output),
        Ok(_) => None,
        Err(error) => Some(Failure::from_error(&error)),
    };
    CommandRun { output, failure, is_impossible }
}

fn attempt(
    spec: &CommandSpec,
    started: impl FnOnce(Arc<Group>),
    output: &mut CommandOutput,
) -> Result<ExitStatus, RunError> {
    let mut command = command(spec);
    let drain = spec.capture.then(|| Drain::new(&mut command)).transpose();
    let (drain, bell) = drain.map_err(|error| explain(spec, error))?.unzip();
    let (mut child, group) = Group::spawn(command, bell).map_err(|error| explain(spec, error))?;
    started(Arc::clone(&group));
    let (status, read) = wait(&mut child, &group, drain, |stdout, stderr| {
        output.stdout = Captured::new(spec, stdout);
        output.stderr = Captured::new(spec, stderr);
    });
    output.returncode = status.as_ref().ok().and_then(|status| exit::returncode(*status));
    read.map_err(|source| RunError::Unread { source })?;
    status.map_err(|source| RunError::Lost { source })
}

/// Waits for the end of the child and of what it writes, in whatever order they come.
fn wait(
    child: &mut Child,
    group: &Group,
    drain: Option<Drain>,
    keep: impl FnOnce(Vec<u8>, Vec<u8>),
) -> (io::Result<ExitStatus>, io::Result<()>) {
    let Some(mut drain) = drain else {
        return (group.wait(child), Ok(()));
    };
    let read = drain.read_all();
    if read.is_err() {
        // With nobody to read, it would wait for ever.
        group.kill();
    }
    let status = group.wait(child);
    let read = read.and_then(|()| drain.read_rest());
    let [stdout, stderr] = drain.take();
    keep(stdout, stderr);
    (status, read)
}

fn command(spec: &CommandSpec) -> Command {
    let mut command = match &spec.form {
        Form::Exec(words) => {
            let program = located(spec.program(), spec.current_dir.as_deref());
            let mut command = Command::new(program);
            command.arg0(spec.program()).args(words.iter().skip(1));
            command
        }
        Form::Shell(text) => {
            let mut command = Command::new(SHELL);
            command.arg("-c").arg(text);
            command
        }
    };
    command.stdin(Stdio::null());
    command.envs(spec.env.iter().map(|(name, value)| (name, value)));
    if let Some(dir) = &spec.current_dir {
        command.current_dir(dir);
    }
    command
}

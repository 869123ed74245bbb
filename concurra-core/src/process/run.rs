//! One attempt: start, read, wait, judge.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Instant;

use super::capture::{CaptureSpec, Shown};
use super::check::check;
use super::drain::Drain;
use super::end::End;
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
    /// What reports show of standard output and standard error.
    pub(crate) shown: [String; 2],
    /// Why it failed, if it did.
    pub(crate) failure: Option<Failure>,
    /// Whether no system can run the command, so that every attempt fails.
    pub(crate) is_impossible: bool,
    /// Whether a process that the command started still holds a captured stream.
    pub(crate) is_held: bool,
}

/// What another thread has to know of a command while it runs.
pub(crate) trait Monitor {
    /// The processes have started; another thread can end them from now on.
    fn started(&self, group: Arc<Group>);

    /// The command has ended, but its output is still read, until this time at the latest.
    fn ended(&self) -> Option<Instant> {
        None
    }
}

/// Runs a command until its first process has ended and its captured streams are read. Processes that
/// it leaves in the background may hold the streams: they are not waited for beyond a moment. The
/// command's standard input is empty.
pub(crate) fn run(spec: &CommandSpec, capture: CaptureSpec, monitor: &impl Monitor) -> CommandRun {
    let mut ran = CommandRun {
        output: CommandOutput::of(spec),
        shown: Default::default(),
        failure: None,
        is_impossible: false,
        is_held: false,
    };
    if let Err(mistake) = check(spec) {
        let failure = Some(Failure::message(mistake));
        return CommandRun { failure, is_impossible: true, ..ran };
    }
    ran.failure = match attempt(spec, capture, monitor, &mut ran) {
        Ok(status) if spec.check => exit::failure(status, &ran.output),
        Ok(_) => None,
        Err(failure) => Some(failure),
    };
    ran
}

fn attempt(
    spec: &CommandSpec,
    capture: CaptureSpec,
    monitor: &impl Monitor,
    ran: &mut CommandRun,
) -> Result<ExitStatus, Failure> {
    let mut command = command(spec);
    let drain = spec.capture.then(|| Drain::new(&mut command)).transpose();
    let (mut drain, bell) = drain.map_err(|error| explain(spec, &error))?.unzip();
    let group = Group::spawn(command, bell).map_err(|error| explain(spec, &error))?;
    if let Some(drain) = &mut drain {
        drain.keep(capture);
    }
    monitor.started(Arc::clone(&group));
    let end = End::of(Arc::clone(&group));
    let read = drain.as_mut().map(|drain| drain.read_all(&end, || monitor.ended())).transpose();
    if read.is_err() {
        // The command would wait for ever for a reader.
        group.kill();
    }
    let status = group.wait();
    let output = &mut ran.output;
    output.returncode = status.as_ref().ok().copied().and_then(exit::returncode);
    let mut read = read.map(|is_held| ran.is_held = is_held == Some(true));
    if let Some(mut drain) = drain {
        read = read.and_then(|()| drain.read_rest());
        let streams = drain.take();
        ran.shown = streams.each_ref().map(Shown::text);
        [output.stdout, output.stderr] =
            streams.map(|stream| Captured::new(spec, stream.whole.unwrap_or(stream.bytes)));
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

//! The runner inside a binary: from its command line to its exit code.

mod closing;
mod drop_report;
mod events;
mod nextest;
mod nothing;
mod rerun;
mod session;
mod stop;
mod undone;
mod unread;
mod watch;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use session::{Session, refused, written};

use crate::Root;
use crate::console::Style;
use crate::options::{self, Format, OptionError, Options, Surroundings};
use crate::report::{ReportTo, Sink, Stdio};
use crate::supervise::{Closing, ExitClass, Link, VARIABLE};

/// Runs the tasks of a binary with its arguments.
///
/// ```no_run
/// # fn root() -> concurra_cli::Root { unimplemented!() }
/// fn main() -> std::process::ExitCode {
///     concurra_cli::main(root())
/// }
/// ```
#[must_use]
pub fn main(root: Root) -> ExitCode {
    concurra_core::worker_process();
    root.keep_marker();
    let link = match connect(&root) {
        Ok(link) => link,
        Err(code) => return code.into(),
    };
    let closing = run(root, link.as_ref(), std::env::args_os().skip(1), false);
    close(link.as_ref(), &closing).into()
}

/// Runs the tasks of a binary as one test of libtest.
///
/// In binaries and examples it does nothing, as their tasks may deploy something.
///
/// # Panics
/// When the run is not good, as a test does.
pub fn harness(root: Root) {
    if root.binary.is_some() {
        return;
    }
    // A worker process has to come here too, through libtest.
    let this_test = ["concurra", "--exact", "--nocapture", "--test-threads=1"];
    concurra_core::worker_process_with(this_test.map(OsString::from));
    root.keep_marker();
    let link = connect(&root).unwrap_or_else(|code| std::process::exit(code.into()));
    // The options are for the target that mtrun started, not for programs that a task of it starts.
    let is_inherited = link.is_none() && std::env::var_os(VARIABLE).is_some();
    let variable = std::env::var_os(options::ARGS_VARIABLE).filter(|_| !is_inherited);
    let closing = match options::args_from_variable(variable) {
        // Libtest captures prints, but under mtrun they go to the stdout of mtrun.
        Ok(args) => run(root, link.as_ref(), args, link.is_none()),
        Err(error) => *refused(error, ExitClass::Option),
    };
    if link.is_some() || matches!(closing.class, ExitClass::Stopped(_)) {
        std::process::exit(close(link.as_ref(), &closing).into());
    }
    assert!(closing.class.binary_code() == 0, "the run of the tasks was not good; see above");
}

fn connect(root: &Root) -> Result<Option<Link>, u8> {
    Link::connect(root.identity()).map_err(|mismatch| {
        eprintln!("error: {mismatch}");
        ExitClass::Listing.mtrun_code()
    })
}

/// Reads the command line and executes it.
fn run(
    root: Root,
    link: Option<&Link>,
    args: impl IntoIterator<Item = OsString>,
    captured: bool,
) -> Closing {
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let around = Surroundings::of_process(link.map_or(&here, |link| &link.invitation.base));
    let options = options::parse_binary(args, &around);
    // `mtrun` has checked what the user combined.
    let checked = |options: Options| match link {
        Some(_) => Ok(options),
        None => options.check_show().map(|()| options),
    };
    match options.and_then(checked) {
        Err(OptionError::Help(text)) => {
            let mut output = Sink::stdio(if captured { Stdio::Captured } else { Stdio::Stdout });
            output.write(|out| out.write_all(text.as_bytes()));
            Closing::new(written(output))
        }
        Ok(options) => {
            let terminal = !captured && io::stdout().is_terminal();
            let stdout = match stdout_for(&options, captured) {
                Ok(stdout) => stdout,
                Err(error) => {
                    let text = format!("stdout cannot be kept for data: {error}; nothing was run");
                    return *refused(text, ExitClass::Report);
                }
            };
            let color = options.color.resolve(terminal, &around);
            let style = Style { color, show_output: options.show_output };
            let mut session = Session { root, link, options, style, stdout };
            session.run().unwrap_or_else(|refused| *refused)
        }
        Err(error) => *refused(error, ExitClass::Option),
    }
}

/// Standard output. A program that reads it gets only data, whatever tasks and hooks print.
fn stdout_for(options: &Options, captured: bool) -> io::Result<Stdio> {
    let is_data = options.format == Format::Json || options.reports.iter().any(ReportTo::is_stdout);
    match captured {
        true => Ok(Stdio::Captured),
        false if is_data && options.show.is_none() => Stdio::for_data(),
        false => Ok(Stdio::Stdout),
    }
}

/// Sends the closing record to `mtrun`, and returns the exit code.
fn close(link: Option<&Link>, closing: &Closing) -> u8 {
    match link {
        Some(link) => {
            // If this fails, `mtrun` reports a run that did not finish, which is right.
            drop(link.close(closing));
            closing.class.mtrun_code()
        }
        None => closing.class.binary_code(),
    }
}

//! One pass over the arguments, driven by clap's own table.
//!
//! clap keeps no option that it does not know, so parameters and results are taken out first. What
//! is left is handed to clap in one canonical form, `--name=value`; clap then only judges values
//! and combinations. The pass also tells what the binary must be told again.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

use super::names::{check_parameter, unknown, unknown_short};
use super::params::{self, Assignment};
use super::table::has_path;
use super::words::{behind, is_option, split, unicode, unicode_value};
use super::{OptionError, Program, Written, rows};

/// The arguments by what they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted {
    /// For clap.
    pub(super) known: Vec<OsString>,
    /// Results and parameters.
    pub(super) assignments: Vec<Assignment>,
    /// The options that gave them, those that name files included, and others that a task needs to
    /// end again as it did.
    pub(super) written: Vec<Written>,
    /// Neither options nor their values.
    pub(super) words: Vec<String>,
    /// What stood after `--`.
    pub(super) rest: Vec<OsString>,
    /// The options of a run, as written.
    pub(super) passed: Vec<OsString>,
}

/// Sorts the arguments.
pub(super) fn sort(
    program: Program,
    table: &Command,
    args: &[OsString],
) -> Result<Sorted, OptionError> {
    let args = args.iter().cloned().collect();
    let launcher = rows(true).map(|row| row.arg.get_id().to_string()).collect();
    let again = rows(false).filter(|row| row.is_needed_again);
    let again = again.map(|row| row.arg.get_id().to_string()).collect();
    let pass = Pass { program, table, launcher, again, args, sorted: Sorted::default() };
    pass.run()
}

struct Pass<'a> {
    program: Program,
    table: &'a Command,
    /// Ids of the options that the binary is not told.
    launcher: Vec<String>,
    /// Ids of the options that a task needs to end again as it did.
    again: Vec<String>,
    args: VecDeque<OsString>,
    sorted: Sorted,
}

impl Pass<'_> {
    fn run(mut self) -> Result<Sorted, OptionError> {
        while let Some(arg) = self.args.pop_front() {
            if arg == "--" {
                self.sorted.rest.extend(std::mem::take(&mut self.args));
            } else if let Some(long) = behind(&arg, "--") {
                self.long(&arg, long)?;
            } else if is_option(&arg) {
                self.shorts(unicode(&arg)?)?;
            } else {
                self.sorted.words.push(unicode(&arg)?.to_owned());
            }
        }
        Ok(self.sorted)
    }

    fn long(&mut self, arg: &OsStr, long: &OsStr) -> Result<(), OptionError> {
        let (name, value) = match split(long, b'=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let option = format!("--{}", name.display());
        let name = unicode(name).map_err(|_| OptionError::NotUnicode { text: option.clone() })?;
        if let Some(known) = self.find(|arg| has_long(arg, name)) {
            return self.known(&known, arg, &option, value);
        }
        let assignment = if let Some(task) = name.strip_prefix("result-") {
            let task = named(task, || OptionError::NoName { option: "--result-NAME=VALUE" })?;
            Assignment::Mock(task, value)
        } else {
            let value = value.ok_or_else(|| unknown(name))?;
            check_parameter(name)?;
            Assignment::Param(name.to_owned(), unicode_value(&option, &value)?.to_owned())
        };
        self.sorted.passed.push(arg.to_owned());
        self.assign(assignment, vec![arg.to_owned()]);
        Ok(())
    }

    fn assign(&mut self, assignment: Assignment, words: Vec<OsString>) {
        let (mock, value) = match &assignment {
            Assignment::Mock(task, value) => (Some(task.clone()), value.as_deref()),
            Assignment::Param(_, value) => (None, Some(OsStr::new(value))),
        };
        let value = value.map_or(0, OsStr::len);
        self.sorted.written.push(Written { words, value, mock });
        self.sorted.assignments.push(assignment);
    }

    /// A cluster of short options: the first that takes a value takes the rest.
    fn shorts(&mut self, arg: &str) -> Result<(), OptionError> {
        let mut rest = &arg[1..];
        while let Some(short) = rest.chars().next() {
            rest = &rest[short.len_utf8()..];
            let known = self.find(|arg| has_short(arg, short));
            let known = known.ok_or_else(|| unknown_short(short))?;
            let option = format!("-{short}");
            let value = (takes_value(&known) && !rest.is_empty())
                .then(|| std::mem::take(&mut rest).trim_start_matches('=').to_owned());
            let written = value.iter().fold(option.clone(), |written, value| written + value);
            self.known(&known, written.as_ref(), &option, value.map(Into::into))?;
        }
        Ok(())
    }

    /// An option of the table; `written` is how it stood there, `option` its name in that form.
    fn known(
        &mut self,
        arg: &Arg,
        written: &OsStr,
        option: &str,
        value: Option<OsString>,
    ) -> Result<(), OptionError> {
        self.refuse_targets(arg)?;
        let mut written = vec![written.to_owned()];
        let value = if value.is_none() && needs_value(arg) {
            let value = self.value_of(option)?;
            written.push(value.clone());
            Some(value)
        } else {
            value
        };
        if let Some(value) = value.as_deref().filter(|_| !has_path(arg)) {
            unicode_value(option, value)?;
        }
        if !self.launcher.iter().any(|id| arg.get_id() == id.as_str()) {
            self.sorted.passed.extend(written.iter().cloned());
        }
        self.keep(arg, value, written)
    }

    fn keep(
        &mut self,
        arg: &Arg,
        value: Option<OsString>,
        written: Vec<OsString>,
    ) -> Result<(), OptionError> {
        match (arg.get_id().as_str(), value) {
            ("result", Some(text)) => self.assign(mock(&text)?, written),
            ("set", Some(text)) => self.assign(param(unicode_value("--set", &text)?)?, written),
            (id, value) => {
                let (file, words) = (id == params::FILE, written);
                if file || self.again.iter().any(|known| known == id) {
                    let path = value.as_ref().filter(|_| file);
                    let value = path.map_or(0, |path| path.len());
                    self.sorted.written.push(Written { words, value, mock: None });
                }
                let mut known = OsString::from(match arg.get_long() {
                    Some(long) => format!("--{long}"),
                    None => format!("-{id}"),
                });
                if let Some(value) = value {
                    known.push("=");
                    known.push(value);
                }
                self.sorted.known.push(known);
            }
        }
        Ok(())
    }

    /// The argument that follows, unless it looks like an option.
    fn value_of(&mut self, option: &str) -> Result<OsString, OptionError> {
        match self.args.front() {
            Some(next) if !is_option(next) => Ok(self.args.pop_front().unwrap_or_default()),
            _ => Err(OptionError::MissingValue { option: option.to_owned() }),
        }
    }

    /// `cargo test --test NAME` is a habit; here the name alone is enough.
    fn refuse_targets(&self, arg: &Arg) -> Result<(), OptionError> {
        let id = arg.get_id().as_str();
        if self.program == Program::Mtrun && (id == "test" || id == "bench") {
            return Err(OptionError::NameTheTarget { option: format!("--{id}") });
        }
        Ok(())
    }

    fn find(&self, fits: impl Fn(&Arg) -> bool) -> Option<Arg> {
        self.table.get_arguments().find(|arg| fits(arg)).cloned()
    }
}

pub(super) fn has_long(arg: &Arg, name: &str) -> bool {
    arg.get_long() == Some(name)
        || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
}

fn has_short(arg: &Arg, short: char) -> bool {
    arg.get_short() == Some(short)
        || arg.get_all_short_aliases().is_some_and(|aliases| aliases.contains(&short))
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

fn needs_value(arg: &Arg) -> bool {
    takes_value(arg) && !arg.is_require_equals_set()
}

fn mock(text: &OsStr) -> Result<Assignment, OptionError> {
    let (name, value) = match split(text, b'=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let name = unicode(name)?;
    let name = named(name, || OptionError::NoName { option: "--result NAME=VALUE" })?;
    Ok(Assignment::Mock(name, value))
}

fn param(text: &str) -> Result<Assignment, OptionError> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    let key = named(key, || OptionError::NoName { option: "--set KEY=VALUE" })?;
    if key == text {
        Err(OptionError::NoParameter { key })
    } else {
        Ok(Assignment::Param(key, value.to_owned()))
    }
}

fn named(name: &str, error: impl FnOnce() -> OptionError) -> Result<String, OptionError> {
    if name.is_empty() { Err(error()) } else { Ok(name.to_owned()) }
}

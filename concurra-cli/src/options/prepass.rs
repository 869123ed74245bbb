//! One pass over the arguments, driven by clap's own table.
//!
//! clap keeps no option that it does not know, so parameters and results are taken out first. What
//! is left is handed to clap in one canonical form, `--name=value`; clap then only judges values
//! and combinations. The pass also tells what the binary must be told again.

use std::collections::VecDeque;
use std::ffi::OsString;

use clap::{Arg, Command};

use super::names::{check_parameter, unknown, unknown_short};
use super::{Audience, OptionError, Written, attempts, launcher};

/// A result or a parameter, in the order of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// `--result-NAME=VALUE`
    Mock(String, Option<String>),
    /// `--KEY=VALUE`
    Param(String, String),
}

/// The arguments by what they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted {
    /// For clap.
    pub(super) known: Vec<String>,
    /// Results and parameters.
    pub(super) given: Vec<Given>,
    /// The options that gave them, those that name files included, and others that a task needs to
    /// end again as it did.
    pub(super) written: Vec<Written>,
    /// Neither options nor their values.
    pub(super) words: Vec<String>,
    /// What stood after `--`.
    pub(super) rest: Vec<String>,
    /// The options of a run, as written.
    pub(super) passed: Vec<String>,
}

/// Sorts the arguments.
pub(super) fn sort(
    audience: Audience,
    table: &Command,
    args: impl IntoIterator<Item = OsString>,
) -> Result<Sorted, OptionError> {
    let args = args.into_iter().map(|arg| {
        arg.into_string().map_err(|arg| OptionError::NotUnicode { text: arg.display().to_string() })
    });
    let args = args.collect::<Result<VecDeque<_>, _>>()?;
    let launcher = launcher::args().iter().map(|arg| arg.get_id().to_string()).collect();
    let pass = Pass { audience, table, launcher, args, sorted: Sorted::default() };
    pass.run()
}

struct Pass<'a> {
    audience: Audience,
    table: &'a Command,
    /// Ids of the options that the binary is not told.
    launcher: Vec<String>,
    args: VecDeque<String>,
    sorted: Sorted,
}

impl Pass<'_> {
    fn run(mut self) -> Result<Sorted, OptionError> {
        while let Some(arg) = self.args.pop_front() {
            if arg == "--" {
                self.sorted.rest.extend(std::mem::take(&mut self.args));
            } else if let Some(long) = arg.strip_prefix("--") {
                self.long(&arg, long)?;
            } else if arg.len() > 1 && arg.starts_with('-') {
                self.shorts(&arg)?;
            } else {
                self.sorted.words.push(arg);
            }
        }
        Ok(self.sorted)
    }

    fn long(&mut self, arg: &str, long: &str) -> Result<(), OptionError> {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        if let Some(known) = self.find(|arg| has_long(arg, name)) {
            return self.known(&known, arg, &format!("--{name}"), value);
        }
        let given = if let Some(task) = name.strip_prefix("result-") {
            let task = named(task, || OptionError::NoName { option: "--result-NAME=VALUE" })?;
            Given::Mock(task, value)
        } else {
            let value = value.ok_or_else(|| unknown(name))?;
            check_parameter(name)?;
            Given::Param(name.to_owned(), value)
        };
        self.sorted.passed.push(arg.to_owned());
        self.give(given, vec![arg.to_owned()]);
        Ok(())
    }

    fn give(&mut self, given: Given, words: Vec<String>) {
        let (mock, value) = match &given {
            Given::Mock(task, value) => (Some(task.clone()), value.as_deref()),
            Given::Param(_, value) => (None, Some(value.as_str())),
        };
        let value = value.map_or(0, str::len);
        self.sorted.written.push(Written { words, value, mock });
        self.sorted.given.push(given);
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
            self.known(&known, &written, &option, value)?;
        }
        Ok(())
    }

    /// An option of the table; `written` is how it stood there, `option` its name in that form.
    fn known(
        &mut self,
        arg: &Arg,
        written: &str,
        option: &str,
        value: Option<String>,
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
        if !self.launcher.iter().any(|id| arg.get_id() == id.as_str()) {
            self.sorted.passed.extend(written.iter().cloned());
        }
        self.keep(arg, value, written)
    }

    fn keep(
        &mut self,
        arg: &Arg,
        value: Option<String>,
        written: Vec<String>,
    ) -> Result<(), OptionError> {
        match (arg.get_id().as_str(), value) {
            ("result", Some(text)) => self.give(mock(&text)?, written),
            ("set", Some(text)) => self.give(param(&text)?, written),
            (id, value) => {
                let (file, words) = (id == "params-file", written);
                if file || attempts::is_needed_again(id) {
                    let path = value.as_ref().filter(|_| file);
                    let value = path.map_or(0, String::len);
                    self.sorted.written.push(Written { words, value, mock: None });
                }
                let name = match arg.get_long() {
                    Some(long) => format!("--{long}"),
                    None => format!("-{id}"),
                };
                let value = value.map_or_else(String::new, |value| format!("={value}"));
                self.sorted.known.push(name + &value);
            }
        }
        Ok(())
    }

    /// The argument that follows, unless it looks like an option.
    fn value_of(&mut self, option: &str) -> Result<String, OptionError> {
        match self.args.front() {
            Some(next) if !(next.len() > 1 && next.starts_with('-')) => {
                Ok(self.args.pop_front().unwrap_or_default())
            }
            _ => Err(OptionError::MissingValue { option: option.to_owned() }),
        }
    }

    /// `cargo test --test NAME` is a habit; here the name alone is enough.
    fn refuse_targets(&self, arg: &Arg) -> Result<(), OptionError> {
        let id = arg.get_id().as_str();
        if self.audience == Audience::Mtrun && (id == "test" || id == "bench") {
            return Err(OptionError::NameTheTarget { option: format!("--{id}") });
        }
        Ok(())
    }

    fn find(&self, fits: impl Fn(&Arg) -> bool) -> Option<Arg> {
        self.table.get_arguments().find(|arg| fits(arg)).cloned()
    }
}

fn has_long(arg: &Arg, name: &str) -> bool {
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

fn mock(text: &str) -> Result<Given, OptionError> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let name = named(name, || OptionError::NoName { option: "--result NAME=VALUE" })?;
    Ok(Given::Mock(name, value))
}

fn param(text: &str) -> Result<Given, OptionError> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    let key = named(key, || OptionError::NoName { option: "--set KEY=VALUE" })?;
    if key == text {
        let reason = format!("its value is missing; write `--set {key}=VALUE`");
        return Err(OptionError::Value { option: "--set".to_owned(), value: key, reason });
    }
    Ok(Given::Param(key, value.to_owned()))
}

fn named(name: &str, error: impl FnOnce() -> OptionError) -> Result<String, OptionError> {
    if name.is_empty() { Err(error()) } else { Ok(name.to_owned()) }
}

//! The options of an attribute, read one by one so that one mistake does not hide the next.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{LitStr, Path};

use crate::entry::{Entry, entries};
use crate::kind::{Kind, LATER_OPTIONS, TASK_OPTIONS};
use crate::libtest::ShouldPanic;
use crate::mistakes::Mistakes;
use crate::names::list;
use crate::nearest::nearest;
use crate::value::{duration, flag, number, path, text, value};
use crate::wrong_type::wrong_type;

/// What an attribute says in its parentheses.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) after: Vec<LitStr>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) ignore: Option<LitStr>,
    /// Given by an attribute of its own.
    pub(crate) should_panic: Option<ShouldPanic>,
    pub(crate) with_state: Option<Ident>,
    pub(crate) retries: Option<u32>,
    pub(crate) backoff: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) isolate: bool,
    pub(crate) secret: bool,
    pub(crate) krate: Option<Path>,
}

impl Options {
    /// Reads the options; of those that are wrong, only the mistakes remain.
    pub(crate) fn parse(kind: Kind, tokens: TokenStream, mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for entry in entries(tokens, mistakes) {
            let name = entry.name.to_string();
            if !kind.options().contains(&&*name) {
                mistakes.at(&entry.name, not_an_option(kind, &name));
            } else if seen.contains(&name) {
                mistakes.at(&entry.name, format!("`{name}` is given twice: remove one"));
            } else {
                options.set(&name, &entry, mistakes);
                seen.push(name);
            }
        }
        options
    }

    /// The name that this crate goes by.
    pub(crate) fn krate_name(&self) -> String {
        let last = self.krate.as_ref().and_then(|path| path.segments.last());
        last.map_or_else(|| "concurra".to_owned(), |segment| segment.ident.to_string())
    }

    fn set(&mut self, name: &str, entry: &Entry, mistakes: &mut Mistakes) {
        if self.take(name, entry, mistakes).is_none() {
            mistakes.at(&entry.tokens, wrong_type(entry));
        }
    }

    /// Takes an option's value; `None` when it is of another type.
    fn take(&mut self, name: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<()> {
        match name {
            "after" => self.after = list(name, value(entry)?, mistakes)?,
            "tags" => self.tags = list(name, value(entry)?, mistakes)?,
            "ignore" => self.ignore = Some(reason(entry, mistakes)?),
            "with_state" => self.with_state = Some(flag(entry)?),
            "retries" => self.retries = Some(number(entry, mistakes)?),
            "backoff" => self.backoff = Some(duration(entry, mistakes)?),
            "timeout" => self.timeout = Some(limit(entry, mistakes)?),
            "isolate" => self.isolate = flag(entry).map(|_| true)?,
            "secret" => self.secret = flag(entry).map(|_| true)?,
            _ => self.krate = Some(path(entry)?),
        }
        Some(())
    }
}

fn reason(entry: &Entry, mistakes: &mut Mistakes) -> Option<LitStr> {
    let reason = text(entry)?;
    if reason.value().trim().is_empty() {
        mistakes.at(&reason, "an empty string is no reason: write why the task is ignored");
    }
    Some(reason)
}

fn limit(entry: &Entry, mistakes: &mut Mistakes) -> Option<Duration> {
    let limit = duration(entry, mistakes)?;
    if limit.is_zero() {
        let message = "a timeout of zero leaves no time to run: leave it out for no limit";
        mistakes.at(value(entry)?, message);
    }
    Some(limit)
}

fn not_an_option(kind: Kind, name: &str) -> String {
    let attribute = kind.name();
    let known: Vec<String> = kind.options().iter().map(|option| format!("`{option}`")).collect();
    let takes = format!("`#[{attribute}]` takes {}", known.join(", "));
    if LATER_OPTIONS.contains(&name) {
        return format!("`{name}` is not supported yet: {takes}");
    }
    if TASK_OPTIONS.contains(&name) {
        let when = if kind == Kind::Setup { "before any task" } else { "after all tasks" };
        return format!("`{name}` is an option of tasks; a {attribute} runs {when}: remove it");
    }
    if let Some(near) = nearest(name, kind.options()) {
        return format!("unknown option `{name}`: did you mean `{near}`?");
    }
    if let (Kind::Task, Some(near)) = (kind, nearest(name, &LATER_OPTIONS)) {
        return format!("unknown option `{name}`; `{near}` is not supported yet");
    }
    format!("unknown option `{name}`: {takes}")
}

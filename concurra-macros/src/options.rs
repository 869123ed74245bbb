//! The options of an attribute, read one by one so that one mistake does not hide the next.

use proc_macro2::{Ident, TokenStream};
use syn::{Lit, LitStr, Path};

use crate::entry::{Entry, Given, entries};
use crate::kind::{Kind, LATER_OPTIONS, TASK_OPTIONS};
use crate::mistakes::Mistakes;
use crate::names::{list, path_text};
use crate::nearest::nearest;

/// What an attribute says in its parentheses.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) after: Vec<LitStr>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) ignore: Option<LitStr>,
    pub(crate) with_state: Option<Ident>,
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
        let understood = match name {
            "after" => self.set_list(name, entry, mistakes),
            "tags" => self.set_list(name, entry, mistakes),
            "ignore" => self.set_ignore(entry, mistakes),
            "with_state" => self.set_with_state(entry),
            _ => self.set_crate(entry),
        };
        if understood.is_none() {
            mistakes.at(&entry.tokens, wrong_type(name, &entry.given));
        }
    }

    fn set_list(&mut self, name: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<()> {
        let names = list(name, value(entry)?, mistakes)?;
        if name == "after" {
            self.after = names;
        } else {
            self.tags = names;
        }
        Some(())
    }

    fn set_ignore(&mut self, entry: &Entry, mistakes: &mut Mistakes) -> Option<()> {
        let Ok(Lit::Str(reason)) = syn::parse2(value(entry)?.clone()) else { return None };
        if reason.value().trim().is_empty() {
            mistakes.at(&reason, "an empty string is no reason: write why the task is ignored");
        }
        self.ignore = Some(reason);
        Some(())
    }

    fn set_with_state(&mut self, entry: &Entry) -> Option<()> {
        matches!(entry.given, Given::Bare).then(|| self.with_state = Some(entry.name.clone()))
    }

    fn set_crate(&mut self, entry: &Entry) -> Option<()> {
        let path = syn::parse2::<Path>(value(entry)?.clone()).ok()?;
        self.krate = Some(path);
        Some(())
    }
}

const fn value(entry: &Entry) -> Option<&TokenStream> {
    match &entry.given {
        Given::Value(value) => Some(value),
        Given::Bare | Given::Other => None,
    }
}

fn not_an_option(kind: Kind, name: &str) -> String {
    let attribute = kind.name();
    if LATER_OPTIONS.contains(&name) {
        return format!("`{name}` is not supported yet: remove it");
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
    let known: Vec<String> = kind.options().iter().map(|option| format!("`{option}`")).collect();
    format!("unknown option `{name}`: `#[{attribute}]` takes {}", known.join(", "))
}

/// Says what to write, in terms of what was written where that can be told.
fn wrong_type(name: &str, given: &Given) -> String {
    let written = match given {
        Given::Value(value) => single_name(value),
        Given::Bare | Given::Other => None,
    };
    match name {
        "with_state" => "`with_state` takes no value: write `with_state`".to_owned(),
        "crate" => {
            let path = written.unwrap_or_else(|| "renamed".to_owned());
            format!("`crate` takes a path: write `crate = {path}`")
        }
        "ignore" => {
            let why = written.unwrap_or_else(|| "why".to_owned());
            format!("`ignore` takes a reason: write `ignore = \"{why}\"`")
        }
        _ => {
            let example = if name == "after" { "load" } else { "slow" };
            let element = written.unwrap_or_else(|| example.to_owned());
            format!("`{name}` takes a list: write `{name} = [\"{element}\"]`")
        }
    }
}

/// The text of a value that is a single string or path.
fn single_name(value: &TokenStream) -> Option<String> {
    match syn::parse2(value.clone()) {
        Ok(Lit::Str(name)) => Some(name.value()),
        _ => syn::parse2(value.clone()).ok().map(|path| path_text(&path)),
    }
}

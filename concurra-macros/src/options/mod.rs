//! The options of the attributes, in one table. A new option is a new row.

mod element;
mod reader;
mod unknown;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{LitStr, Path};

use self::Value::{Field, Setting};
use self::element::{dependency, tag};
use self::reader::Reader;
use self::unknown::unknown;
use crate::constant::some;
use crate::duration;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::tokens::{split_at_commas, visible};

/// Each row: an option's name, the attributes that take it, how its value is written, with an
/// example for messages, and where the value goes.
const OPTIONS: &[Row] = &[
    row("after", TASK, Field(|to, it| to.after = it.list("load", dependency))),
    row("with_state", TASK, Field(|to, it| to.with_state = it.flag())),
    row("tags", TASK, Field(|to, it| to.tags = it.list("slow", tag))),
    row("ignore", TASK, Field(|to, it| to.ignore = it.reason("why"))),
    row("retries", TASK, Setting(|it| it.retries("2").map(some))),
    row("backoff", TASK, Setting(|it| it.duration("100ms", duration::parse).map(some))),
    row("timeout", &Kind::ALL, Setting(|it| it.duration("5s", duration::timeout).map(some))),
    row("serial", TASK, Field(|to, it| to.settings.extend(it.serial("db")))),
    row("always", TASK, Setting(|it| it.flag().map(|_| quote!(true)))),
    row("isolate", TASK, Setting(|it| it.flag().map(|_| quote!(true)))),
    row("secret", TASK, Setting(|it| it.flag().map(|_| quote!(true)))),
    row("crate", &Kind::ALL, Field(|to, it| to.krate = it.path("renamed"))),
];

/// Options that `#[task]` will take.
const LATER: &[&str] = &["reusable", "group", "requires"];

const TASK: &[Kind] = &[Kind::Task];

/// One option.
struct Row {
    name: &'static str,
    on: &'static [Kind],
    value: Value,
}

const fn row(name: &'static str, on: &'static [Kind], value: Value) -> Row {
    Row { name, on, value }
}

/// How an option's value is read, and where it goes.
enum Value {
    /// Into [`Options`].
    Field(fn(&mut Options, &mut Reader<'_>)),
    /// Into the field of the option's name in `TaskOptions`, as a constant expression.
    Setting(fn(&mut Reader<'_>) -> Option<TokenStream>),
}

/// The options in an attribute's parentheses.
#[derive(Default)]
pub(crate) struct Options {
    /// The names of tasks that must pass first.
    pub(crate) after: Vec<LitStr>,
    /// The option's own name, for messages.
    pub(crate) with_state: Option<Ident>,
    pub(crate) tags: Vec<LitStr>,
    pub(crate) ignore: Option<LitStr>,
    /// The path of the crate `concurra`.
    pub(crate) krate: Option<Path>,
    /// Fields of `TaskOptions`, and their values.
    pub(crate) settings: Vec<(&'static str, TokenStream)>,
}

impl Options {
    /// Reads each option by itself, so that one mistake does not hide the next.
    pub(crate) fn parse(kind: Kind, tokens: TokenStream, mistakes: &mut Mistakes) -> Self {
        let (mut options, mut seen) = (Self::default(), Vec::new());
        for tokens in split_at_commas(visible(tokens)) {
            let Some(mut reader) = Reader::new(&tokens, mistakes) else {
                mistakes.at(tokens, "expected an option, such as `after = [\"load\"]`");
                continue;
            };
            let name = reader.name.to_string();
            match OPTIONS.iter().find(|row| row.name == name && row.on.contains(&kind)) {
                None => reader.mistakes.at(&reader.name, unknown(kind, &name)),
                Some(_) if seen.contains(&name) => {
                    reader
                        .mistakes
                        .at(&reader.name, format!("`{name}` is given twice: remove one"));
                }
                Some(row) => match reader.next_option() {
                    Some(next) => {
                        let message = format!("a comma is missing: write `, {next}`");
                        reader.mistakes.at(next, message);
                    }
                    None => options.read(row, &mut reader),
                },
            }
            seen.push(name);
        }
        options
    }

    fn read(&mut self, row: &Row, reader: &mut Reader<'_>) {
        match row.value {
            Field(read) => read(self, reader),
            Setting(read) => self.settings.extend(read(reader).map(|value| (row.name, value))),
        }
    }

    /// The name that the user calls the crate `concurra`.
    pub(crate) fn krate_name(&self) -> String {
        let last = self.krate.as_ref().and_then(|path| path.segments.last());
        last.map_or_else(|| "concurra".to_owned(), |segment| segment.ident.to_string())
    }

    /// The path of the module that expansions may use.
    pub(crate) fn private(&self) -> TokenStream {
        let krate = self.krate.as_ref();
        let krate = krate.map_or_else(|| quote!(::concurra), |krate| quote!(#krate));
        quote!(#krate::__private)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: Kind, tokens: TokenStream) -> (Options, String) {
        let mut mistakes = Mistakes::default();
        let options = Options::parse(kind, tokens, &mut mistakes);
        (options, mistakes.to_compile_errors().to_string())
    }

    #[test]
    fn each_attribute_takes_only_its_options_and_each_once() {
        for (row, kind) in OPTIONS.iter().flat_map(|row| Kind::ALL.map(|kind| (row, kind))) {
            let name = Ident::new(row.name, proc_macro2::Span::call_site());
            let (_, errors) = parse(kind, quote!(#name, #name));
            let (name, on) = (row.name, kind.name());
            let twice = format!("`{name}` is given twice");
            assert_eq!(errors.contains(&twice), row.on.contains(&kind), "{name} on {on}: {errors}");
            let tasks_only = format!("`{name}` is an option of tasks");
            assert_ne!(errors.contains(&tasks_only), row.on.contains(&kind), "{name} on {on}");
        }
    }

    #[test]
    fn no_two_rows_have_one_name() {
        let mut names: Vec<&str> =
            OPTIONS.iter().map(|row| row.name).chain(LATER.iter().copied()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), OPTIONS.len() + LATER.len());
    }

    #[test]
    fn settings_are_what_was_written() {
        let (options, errors) = parse(
            Kind::Task,
            quote!(timeout = "1s 5ns", tags = ["slow"], serial, isolate, retries = 0),
        );
        assert_eq!(errors, "");
        let settings: Vec<String> =
            options.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let option = ":: core :: option :: Option :: Some";
        assert_eq!(
            settings,
            [
                format!("timeout = {option} (:: core :: time :: Duration :: new (1u64 , 5u32))"),
                "alone = true".to_owned(),
                "isolate = true".to_owned(),
                format!("retries = {option} ({option} (0u32))"),
            ]
        );
        let (options, errors) = parse(Kind::Task, quote!(retries = never));
        assert_eq!(errors, "");
        let (name, value) = &options.settings[0];
        let never = format!("{option} (:: core :: option :: Option :: None)");
        assert_eq!((*name, value.to_string()), ("retries", never));
    }

    #[test]
    fn a_mistake_hides_no_other_option() {
        let (options, errors) =
            parse(Kind::Task, quote!(= 1, retries = "many", after = ["a", 7, "r#b", "a"], secrte));
        assert_eq!(errors.matches("compile_error").count(), 5, "{errors}");
        let names: Vec<String> = options.after.iter().map(LitStr::value).collect();
        assert_eq!(names, ["a", "r#b"]);
    }
}

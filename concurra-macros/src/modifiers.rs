//! Attributes of libtest on the annotated function. On a task `#[ignore]` and `#[should_panic]`
//! mean what they mean on a test; every other one is a mistake, as it would do nothing.
//!
//! The compiler expands `cfg_attr` before any attribute macro, so none is left here.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitStr, Meta, MetaNameValue, Token};

use crate::function::Function;
use crate::kind::Kind;
use crate::libtest::{ShouldPanic, is_of_libtest, is_test};
use crate::mistakes::Mistakes;
use crate::names::path_text;
use crate::options::Options;

/// The reason of `#[ignore]` without one: reports and lists always show a reason.
const NO_REASON: &str = "marked `#[ignore]`";

impl Options {
    /// Adds what the function's attributes of libtest say.
    pub(crate) fn add_libtest(&mut self, kind: Kind, function: &Function, mistakes: &mut Mistakes) {
        let mut seen: Vec<String> = Vec::new();
        for attribute in function.attributes.iter().filter(|it| is_of_libtest(it)) {
            let name = path_text(attribute.path());
            if is_test(attribute) {
                let what = kind.name();
                let message = format!("`#[{name}]` on a {what} is not supported yet: remove it");
                mistakes.at(attribute, message);
            } else if !kind.is_task() {
                mistakes.at(attribute, for_tasks_only(kind, &name));
            } else if seen.contains(&name) {
                mistakes.at(attribute, format!("`#[{name}]` is given twice: remove one"));
            } else {
                match &*name {
                    "ignore" => self.add_ignore(attribute, mistakes),
                    _ => self.should_panic = Some(should_panic(attribute, mistakes)),
                }
                seen.push(name);
            }
        }
    }

    fn add_ignore(&mut self, attribute: &Attribute, mistakes: &mut Mistakes) {
        let reason = match &attribute.meta {
            Meta::Path(_) => None,
            Meta::NameValue(MetaNameValue { value, .. }) if text(value).is_some() => text(value),
            _ => {
                let message = "`#[ignore]` takes a reason in quotes: write `#[ignore = \"why\"]`";
                mistakes.at(attribute, message);
                return;
            }
        };
        // libtest takes an empty reason for none.
        let reason = reason.filter(|reason| !reason.value().trim().is_empty());
        match (&self.ignore, reason) {
            (Some(option), Some(reason)) if option.value() != reason.value() => {
                let (own, other) = (reason.value(), option.value());
                let message = format!(
                    "the reasons differ: `#[ignore = {own:?}]` and `ignore = {other:?}`; remove \
                     one of them"
                );
                mistakes.at(attribute, message);
            }
            (Some(_), _) => {}
            (None, reason) => {
                let none = || LitStr::new(NO_REASON, proc_macro2::Span::call_site());
                self.ignore = Some(reason.unwrap_or_else(none));
            }
        }
    }
}

fn should_panic(attribute: &Attribute, mistakes: &mut Mistakes) -> ShouldPanic {
    let expected = match &attribute.meta {
        Meta::Path(_) => return ShouldPanic::default(),
        Meta::NameValue(given) => text(&given.value),
        Meta::List(list) => {
            let given = Punctuated::<MetaNameValue, Token![,]>::parse_terminated;
            let given = list.parse_args_with(given).unwrap_or_default();
            let mut given = given.iter();
            match (given.next(), given.next()) {
                (Some(only), None) if only.path.is_ident("expected") => text(&only.value),
                _ => None,
            }
        }
    };
    if expected.is_none() {
        let message = "`#[should_panic]` takes a part of the panic's message: write \
                       `#[should_panic(expected = \"disk full\")]`";
        mistakes.at(attribute, message);
    }
    ShouldPanic { expected }
}

/// The text of a literal, also of one that a macro was given.
fn text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Group(group) => text(&group.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn for_tasks_only(kind: Kind, name: &str) -> String {
    let hook = kind.name();
    format!("`#[{name}]` is for tasks; a {hook} runs whenever tasks do: remove it")
}

//! The function's attributes that this crate understands. On a task `#[ignore]` and
//! `#[should_panic]` mean what they mean on a test. Every other attribute of libtest is a mistake,
//! as it would do nothing, and so is a second attribute of this crate.
//!
//! The compiler expands `cfg` and `cfg_attr` before any attribute macro, so none is left here.

use proc_macro2::Span;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, MetaNameValue, Token};

use crate::declaration::ExpectedPanic;
use crate::function::Function;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::names::path_text;
use crate::options::Options;

/// The reason of `#[ignore]` without one: reports and lists always show a reason.
const NO_REASON: &str = "marked `#[ignore]`";

/// The meaning of an attribute.
enum Role {
    Ignore,
    ShouldPanic,
    Test,
    Ours(Kind),
    Other,
}

/// Removes the attributes from the function. Attributes of this crate would expand and repeat their
/// mistakes; the compiler warns of attributes of libtest where there is no test.
pub(super) fn take_attributes(
    function: &mut Function,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Option<ExpectedPanic> {
    let (kind, krate) = (function.kind, options.krate_name());
    let what = kind.name();
    let (mut expected_panic, mut seen) = (None, Vec::new());
    for attribute in std::mem::take(&mut function.attributes) {
        let name = path_text(attribute.path());
        match role(&attribute, &name, &krate) {
            Role::Other => function.attributes.push(attribute),
            Role::Ours(other) if other == kind => {
                mistakes.at(attribute, format!("`#[{what}]` is given twice: remove one"));
            }
            Role::Ours(other) => {
                let rule = format!("a function is a {what} or a {}, not both", other.name());
                mistakes.at(attribute, format!("{rule}: remove one of the attributes"));
            }
            Role::Test => {
                let message = format!("`#[{name}]` on a {what} is not supported yet: remove it");
                mistakes.at(attribute, message);
            }
            _ if kind != Kind::Task => {
                let rule = format!("`#[{name}]` is for tasks; a {what} runs whenever tasks do");
                mistakes.at(attribute, format!("{rule}: remove it"));
            }
            _ if seen.contains(&name) => {
                mistakes.at(attribute, format!("`#[{name}]` is given twice: remove one"));
            }
            Role::Ignore => ignore(&attribute, options, mistakes),
            Role::ShouldPanic => expected_panic = Some(should_panic(&attribute, mistakes)),
        }
        seen.push(name);
    }
    expected_panic
}

fn role(attribute: &Attribute, name: &str, krate: &str) -> Role {
    let (path, word) = name.rsplit_once("::").unwrap_or(("", name));
    match word {
        "ignore" if path.is_empty() => Role::Ignore,
        "should_panic" if path.is_empty() => Role::ShouldPanic,
        // At any path, as `#[tokio::test]` makes a test, too.
        "test" | "bench" => Role::Test,
        "test_case" if matches!(attribute.meta, Meta::Path(_)) => Role::Test,
        _ if path.is_empty() || path.split("::").next() == Some(krate) => {
            Kind::named(word).map_or(Role::Other, Role::Ours)
        }
        _ => Role::Other,
    }
}

fn ignore(attribute: &Attribute, options: &mut Options, mistakes: &mut Mistakes) {
    let reason = match &attribute.meta {
        Meta::Path(_) => None,
        Meta::NameValue(given) if text(given).is_some() => text(given),
        _ => {
            let message = "`#[ignore]` takes a reason in quotes: write `#[ignore = \"why\"]`";
            return mistakes.at(attribute, message);
        }
    };
    // libtest treats an empty reason as none.
    let reason = reason.filter(|reason| !reason.value().trim().is_empty());
    let no_reason = || LitStr::new(NO_REASON, Span::call_site());
    let known = options.ignore.get_or_insert_with(|| reason.clone().unwrap_or_else(no_reason));
    if let Some(own) = reason.map(|reason| reason.value()).filter(|own| *own != known.value()) {
        let reasons = format!("`#[ignore = {own:?}]` and `ignore = {:?}`", known.value());
        mistakes.at(attribute, format!("the reasons differ: {reasons}; remove one of them"));
    }
}

fn should_panic(attribute: &Attribute, mistakes: &mut Mistakes) -> ExpectedPanic {
    let text = match &attribute.meta {
        Meta::Path(_) => return ExpectedPanic { text: None },
        Meta::NameValue(given) => text(given),
        Meta::List(list) => {
            let given = Punctuated::<MetaNameValue, Token![,]>::parse_terminated;
            let given = list.parse_args_with(given).unwrap_or_default();
            let expected = given.first().filter(|only| only.path.is_ident("expected"));
            expected.filter(|_| given.len() == 1).and_then(text)
        }
    };
    if text.is_none() {
        let message = "`#[should_panic]` takes a part of the panic's message: write \
                       `#[should_panic(expected = \"disk full\")]`";
        mistakes.at(attribute, message);
    }
    ExpectedPanic { text }
}

/// The text in quotes after `=`.
fn text(given: &MetaNameValue) -> Option<LitStr> {
    syn::parse2(given.value.to_token_stream()).ok()
}

//! Which functions can be tasks and hooks, and which options fit them.

use quote::ToTokens;
use syn::{FnArg, GenericParam, LitStr, Safety, Signature};

use crate::function::Function;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::names::plain;
use crate::options::Options;
use crate::tokens::{find_borrow, find_word};

/// Adds every mistake of a declaration.
pub(crate) fn validate(
    kind: Kind,
    options: &Options,
    function: &Function,
    mistakes: &mut Mistakes,
) {
    attributes(kind, options, function, mistakes);
    qualifiers(kind, &function.signature, mistakes);
    generics(kind, &function.signature, mistakes);
    parameters(kind, &function.signature, mistakes);
    returns(kind, options, function, mistakes);
    state(options, &function.signature, mistakes);
    own_name(&options.after, &function.signature, mistakes);
    if function.body.is_empty() || function.body.to_string() == ";" {
        mistakes.at(&function.signature.ident, format!("a {} needs a body", kind.name()));
    }
}

fn attributes(kind: Kind, options: &Options, function: &Function, mistakes: &mut Mistakes) {
    for (attribute, other) in function.our_attributes(&options.krate_name()) {
        let message = if other == kind {
            format!("`#[{}]` is given twice: remove one", kind.name())
        } else {
            let (one, other) = (kind.name(), other.name());
            format!("a function is a {one} or a {other}, not both: remove one of the attributes")
        };
        mistakes.at(attribute, message);
    }
}

fn qualifiers(kind: Kind, signature: &Signature, mistakes: &mut Mistakes) {
    let what = kind.name();
    if let Some(word) = &signature.asyncness {
        mistakes.at(word, format!("an async {what} is not supported yet: write a plain `fn`"));
    }
    if let Safety::Unsafe(word) = &signature.safety {
        let way_out = "write a safe function, with the `unsafe` block inside";
        mistakes.at(word, format!("a {what} is called without `unsafe`: {way_out}"));
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(abi, format!("a {what} is called from Rust: remove `extern`"));
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.at(variadic, format!("a {what} cannot take a varying number of arguments"));
    }
}

fn generics(kind: Kind, signature: &Signature, mistakes: &mut Mistakes) {
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            let message = format!(
                "a {} cannot be generic, as nobody chooses the type: write a concrete one",
                kind.name()
            );
            mistakes.at(parameter, message);
        }
    }
}

fn parameters(kind: Kind, signature: &Signature, mistakes: &mut Mistakes) {
    for parameter in &signature.inputs {
        match parameter {
            FnArg::Receiver(receiver) => {
                let message = format!(
                    "a {} cannot be a method, as there is no value to call it on: write a \
                     function outside of `impl`",
                    kind.name()
                );
                mistakes.at(receiver, message);
            }
            FnArg::Typed(typed) => {
                if find_word(&typed.ty.to_token_stream(), "impl").is_some() {
                    let message = "`impl Trait` makes the function generic: write a concrete \
                                   type, such as `&State`";
                    mistakes.at(&typed.ty, message);
                }
            }
        }
    }
}

fn returns(kind: Kind, options: &Options, function: &Function, mistakes: &mut Mistakes) {
    let Some(returned) = function.returns() else { return };
    if options.should_panic.is_some() {
        let message = "a task with `#[should_panic]` returns nothing: remove the return type";
        mistakes.at(returned, message);
    } else if find_word(&returned, "impl").is_some() {
        let message = format!("the result of a {} needs a name: write its type", kind.name());
        mistakes.at(returned, message);
    } else if returned.to_string() == "!" {
        mistakes.at(returned, format!("a {} that never returns cannot pass", kind.name()));
    } else if kind.is_task() && find_borrow(&returned).is_some() {
        let message = "the result of a task outlives the call: write an owned type, such as \
                       `String` for `&str`";
        mistakes.at(returned, message);
    }
}

fn state(options: &Options, signature: &Signature, mistakes: &mut Mistakes) {
    if let (Some(word), true) = (&options.with_state, signature.inputs.is_empty()) {
        let name = &signature.ident;
        let message =
            format!("`with_state` needs a parameter to fill: write `fn {name}(state: &State)`");
        mistakes.at(word, message);
    }
}

fn own_name(after: &[LitStr], signature: &Signature, mistakes: &mut Mistakes) {
    let own = plain(&signature.ident.to_string());
    for dependency in after {
        let name = plain(&dependency.value());
        if name.strip_prefix("self::").unwrap_or(&name) == own {
            let message = format!(
                "task `{own}` cannot run after itself: remove the name, or write the whole path \
                 of another `{own}`"
            );
            mistakes.at(dependency, message);
        }
    }
}

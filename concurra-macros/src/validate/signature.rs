//! Which functions can be tasks and hooks.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{FnArg, GenericParam, ReturnType, Safety};

use crate::declaration::{ExpectedPanic, Returns};
use crate::function::Function;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::tokens::{has_borrow, has_word, visible, without_lifetimes};

pub(super) fn qualifiers(function: &Function, mistakes: &mut Mistakes) {
    let Function { kind, signature, .. } = function;
    let what = kind.name();
    if let Some(word) = &signature.asyncness {
        mistakes.at(word, format!("an async {what} is not supported yet: write a plain `fn`"));
    }
    if let Safety::Unsafe(word) = &signature.safety {
        let advice = "write a safe function, with the `unsafe` block inside";
        mistakes.at(word, format!("a {what} is called without `unsafe`: {advice}"));
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(abi, format!("a {what} is called from Rust: remove `extern`"));
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.at(variadic, format!("a {what} cannot take a varying number of arguments"));
    }
}

pub(super) fn generics(function: &Function, mistakes: &mut Mistakes) {
    let types = |it: &&GenericParam| !matches!(it, GenericParam::Lifetime(_));
    for parameter in function.signature.generics.params.iter().filter(types) {
        let rule = format!("a {} cannot be generic", function.kind.name());
        let reason = "as no call chooses the type";
        mistakes.at(parameter, format!("{rule}, {reason}: write a concrete one"));
    }
}

/// The types of the parameters.
pub(super) fn parameters(function: &Function, mistakes: &mut Mistakes) -> Vec<TokenStream> {
    let mut parameters = Vec::new();
    for parameter in &function.signature.inputs {
        match parameter {
            FnArg::Receiver(receiver) => {
                let rule = format!("a {} cannot be a method", function.kind.name());
                let reason = "as there is no value to call it on";
                let advice = "write a function outside of `impl`";
                mistakes.at(receiver, format!("{rule}, {reason}: {advice}"));
            }
            FnArg::Typed(typed) => {
                let written = typed.ty.to_token_stream();
                if has_word(&written, "impl") {
                    let advice = "write a concrete type, such as `&State`";
                    let rule = "`impl Trait` makes the function generic";
                    mistakes.at(&written, format!("{rule}: {advice}"));
                }
                parameters.push(without_lifetimes(written));
            }
        }
    }
    parameters
}

pub(super) fn returns(
    function: &Function,
    expected_panic: Option<ExpectedPanic>,
    mistakes: &mut Mistakes,
) -> Returns {
    let written = match &function.signature.output {
        ReturnType::Default => TokenStream::new(),
        ReturnType::Type(_, returned) => returned.to_token_stream(),
    };
    let returned = visible(written.clone());
    let is_nothing = matches!(&*returned.to_string(), "" | "()");
    match expected_panic {
        None if is_nothing => Returns::Nothing,
        None => {
            result(function.kind, &returned, mistakes);
            Returns::Value(written)
        }
        Some(panic) => {
            if !is_nothing {
                let rule = "a task with `#[should_panic]` returns nothing";
                mistakes.at(returned, format!("{rule}: remove the return type"));
            }
            Returns::Panic(panic)
        }
    }
}

fn result(kind: Kind, returned: &TokenStream, mistakes: &mut Mistakes) {
    let what = kind.name();
    if has_word(returned, "impl") {
        mistakes.at(returned, format!("the result of a {what} needs a name: write its type"));
    } else if returned.to_string() == "!" {
        mistakes.at(returned, format!("a {what} that never returns cannot pass"));
    } else if kind == Kind::Task && has_borrow(returned) {
        let advice = "write an owned type, such as `String` for `&str`";
        mistakes.at(returned, format!("the result of a task outlives the call: {advice}"));
    }
}

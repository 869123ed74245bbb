//! Checks the options and the function, alone and together, and makes a declaration of them.

mod attributes;
mod signature;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::Signature;

use self::attributes::take_attributes;
use crate::declaration::Declaration;
use crate::function::Function;
use crate::mistakes::Mistakes;
use crate::names::plain;
use crate::options::Options;

/// Built-in attributes of functions. They are not macros, so the compiler keeps the function.
const BUILT_IN: &[&str] = &[
    "allow",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "no_mangle",
    "skip",
    "target_feature",
    "track_caller",
    "unsafe",
    "warn",
];

/// Records every mistake. After a mistake, only `emit` of the declaration is of use.
pub(crate) fn validate(
    mut options: Options,
    mut function: Function,
    mistakes: &mut Mistakes,
) -> Declaration {
    let expected_panic = take_attributes(&mut function, &mut options, mistakes);
    signature::qualifiers(&function, mistakes);
    signature::generics(&function, mistakes);
    let parameters = signature::parameters(&function, mistakes);
    let returns = signature::returns(&function, expected_panic, mistakes);
    let Function { kind, signature, attributes, .. } = &function;
    let name = plain(&signature.ident.to_string());
    state(&options, &function, mistakes);
    own_name(&options, &name, mistakes);
    if function.lacks_body() {
        mistakes.at(&signature.ident, format!("a {} needs a body", kind.name()));
    }
    Declaration {
        kind: *kind,
        private: options.private(),
        function: signature.ident.clone(),
        callee: callee(&function),
        name,
        parameters,
        is_deprecated: attributes.iter().any(|it| it.path().is_ident("deprecated")),
        returns,
        options,
        emit: function.into_token_stream(),
    }
}

fn callee(function: &Function) -> Ident {
    let mut callee = function.signature.ident.clone();
    let words = function.attributes.iter().filter_map(|it| it.path().segments.last());
    let mut macros = words.filter(|word| !BUILT_IN.iter().any(|known| word.ident == known));
    if let Some(word) = macros.next_back() {
        callee.set_span(word.ident.span().resolved_at(callee.span()));
    }
    callee
}

fn state(options: &Options, function: &Function, mistakes: &mut Mistakes) {
    let Signature { inputs, ident, .. } = &function.signature;
    if let (Some(word), true) = (&options.with_state, inputs.is_empty()) {
        let advice = format!("write `fn {ident}(state: &State)`");
        mistakes.at(word, format!("`with_state` needs a parameter to fill: {advice}"));
    }
}

fn own_name(options: &Options, own: &str, mistakes: &mut Mistakes) {
    for dependency in &options.after {
        let name = plain(&dependency.value());
        if name.strip_prefix("self::").unwrap_or(&name) == own {
            let advice = format!("remove the name, or write the whole path of another `{own}`");
            mistakes.at(dependency, format!("task `{own}` cannot run after itself: {advice}"));
        }
    }
}

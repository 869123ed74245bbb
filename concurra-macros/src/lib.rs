//! The attributes of Concurra: `#[task]`, `#[setup]` and `#[teardown]`.
//!
//! Use them from the crate `concurra`, which documents them. An expansion has three steps: parse
//! the options and the function, validate both into a `Declaration`, render the declaration. The
//! compiler shows all mistakes at once.

#![forbid(unsafe_code)]

mod constant;
mod declaration;
mod duration;
mod function;
mod kind;
mod mistakes;
mod names;
mod options;
mod removed;
mod render;
mod tokens;
mod validate;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::LitStr;

use crate::function::Function;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::options::Options;
use crate::render::render;
use crate::validate::validate;

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn task(options: TokenStream, item: TokenStream) -> TokenStream {
    expand_in_file(Kind::Task, options, item)
}

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn setup(options: TokenStream, item: TokenStream) -> TokenStream {
    expand_in_file(Kind::Setup, options, item)
}

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn teardown(options: TokenStream, item: TokenStream) -> TokenStream {
    expand_in_file(Kind::Teardown, options, item)
}

/// The setting `timeout` of `concurra::main!`.
#[doc(hidden)]
#[proc_macro]
pub fn timeout(text: TokenStream) -> TokenStream {
    let duration = syn::parse(text).and_then(|text: LitStr| {
        duration::timeout(&text.value()).map_err(|message| syn::Error::new(text.span(), message))
    });
    duration.map_or_else(|error| error.to_compile_error(), constant::duration).into()
}

/// Expands an attribute, and reports the tasks that the compiler has removed from its file.
fn expand_in_file(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    // A language server knows no file.
    let file = proc_macro::Span::call_site().local_file();
    let mut removed = Mistakes::default();
    for message in file.iter().flat_map(|file| removed::in_file(file)) {
        removed.add(syn::Error::new(Span::call_site(), message));
    }
    let errors = removed.to_compile_errors();
    let expansion = expand(kind, options.into(), item.into());
    quote!(#expansion #errors).into()
}

fn expand(kind: Kind, options: Tokens, item: Tokens) -> Tokens {
    let mut mistakes = Mistakes::default();
    let options = Options::parse(kind, options, &mut mistakes);
    let expansion = match Function::parse(kind, &item, &mut mistakes) {
        None => item,
        Some(function) => {
            let declaration = validate(options, function, &mut mistakes);
            // The item stays, so that its callers see no error of their own.
            if mistakes.is_empty() { render(&declaration) } else { declaration.emit }
        }
    };
    let errors = mistakes.to_compile_errors();
    quote!(#expansion #errors)
}

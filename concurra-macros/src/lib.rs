//! The attributes of Concurra: `#[task]`, `#[setup]` and `#[teardown]`.
//!
//! Use them from the crate `concurra`, where they are documented. An attribute is parsed,
//! validated and rendered in three steps; every mistake of a declaration is reported at once.

#![forbid(unsafe_code)]

mod duration;
mod entry;
mod function;
mod kind;
mod libtest;
mod mistakes;
mod modifiers;
mod names;
mod nearest;
mod options;
mod render;
mod tokens;
mod validate;
mod value;
mod wrong_type;

use proc_macro::TokenStream;

use crate::function::Function;
use crate::kind::Kind;
use crate::mistakes::Mistakes;
use crate::options::Options;

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn task(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(Kind::Task, options, item)
}

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn setup(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(Kind::Setup, options, item)
}

/// Implemented in the crate `concurra-macros`.
#[proc_macro_attribute]
pub fn teardown(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(Kind::Teardown, options, item)
}

fn expand(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let mut options = Options::parse(kind, options.into(), &mut mistakes);
    let item = proc_macro2::TokenStream::from(item);
    let Some(function) = Function::parse(kind, &item, &mut mistakes) else {
        return render::mistaken(&item, &mistakes).into();
    };
    options.add_libtest(kind, &function, &mut mistakes);
    validate::validate(kind, &options, &function, &mut mistakes);
    if mistakes.is_empty() {
        render::registered(kind, &options, &function).into()
    } else {
        render::mistaken(&function.without_mistaken_attributes(&options.krate_name()), &mistakes)
            .into()
    }
}

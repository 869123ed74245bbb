//! A user's declaration, with everything that rendering needs.

use proc_macro2::{Ident, TokenStream};
use syn::LitStr;

use crate::kind::Kind;
use crate::options::Options;

/// A function with one of the attributes.
pub(crate) struct Declaration {
    pub(crate) kind: Kind,
    /// The path of the module that expansions may use.
    pub(crate) private: TokenStream,
    /// The item to emit, without the attributes that only this crate understands.
    pub(crate) emit: TokenStream,
    pub(crate) function: Ident,
    /// The function's name for its call. Where an attribute below could remove the function, the
    /// compiler's error about the missing function points at that attribute.
    pub(crate) callee: Ident,
    /// The name of the task or hook.
    pub(crate) name: String,
    /// Whether the compiler warns of calls of the function.
    pub(crate) is_deprecated: bool,
    /// The types of the parameters: the attempt's context is converted into each.
    pub(crate) parameters: Vec<TokenStream>,
    pub(crate) returns: Returns,
    pub(crate) options: Options,
}

/// How a call of the function ends.
pub(crate) enum Returns {
    Nothing,
    /// With a value of this type.
    Value(TokenStream),
    Panic(ExpectedPanic),
}

/// A panic as `#[should_panic]` expects it.
pub(crate) struct ExpectedPanic {
    /// A part of the panic's message.
    pub(crate) text: Option<LitStr>,
}

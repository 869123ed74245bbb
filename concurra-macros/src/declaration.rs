//! What a user declared: everything that rendering needs.

use proc_macro2::{Ident, TokenStream};
use syn::LitStr;

use crate::kind::Kind;
use crate::options::{Dependency, Options};

/// A function with one of the attributes.
pub(crate) struct Declaration {
    pub(crate) kind: Kind,
    /// The path of the module that expansions may use.
    pub(crate) private: TokenStream,
    /// The item to emit, without the attributes that only this crate understands.
    pub(crate) emit: TokenStream,
    pub(crate) function: Ident,
    /// Whether the compiler warns of calls of the function.
    pub(crate) is_deprecated: bool,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) returns: Returns,
    pub(crate) options: Options,
    /// What the function is registered as.
    pub(crate) registrations: Vec<Registration>,
}

/// What can differ between two registrations of one function.
pub(crate) struct Registration {
    pub(crate) name: String,
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter, by the source of its argument.
pub(crate) enum Parameter {
    /// The attempt's context, converted into this type.
    Context(TokenStream),
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

//! One option as the user wrote it.

use proc_macro2::{Ident, TokenStream, TokenTree};

/// `name`, `name = value`, or a name before other tokens.
pub(super) struct Entry {
    pub(super) name: Ident,
    /// The tokens after `=`; empty without a value.
    pub(super) value: TokenStream,
    pub(super) tokens: TokenStream,
}

impl Entry {
    /// `None`: the tokens do not begin with a name.
    pub(super) fn new(tokens: &TokenStream) -> Option<Self> {
        let mut rest = tokens.clone().into_iter();
        let Some(TokenTree::Ident(name)) = rest.next() else { return None };
        let value = match rest.next() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => rest.collect(),
            _ => TokenStream::new(),
        };
        Some(Self { name, value, tokens: tokens.clone() })
    }
}

//! One option as written, before its value is understood.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::mistakes::Mistakes;
use crate::tokens::split_at_commas;

/// What stands behind an option's name.
pub(crate) enum Given {
    /// Nothing.
    Bare,
    /// What follows `=`.
    Value(TokenStream),
    /// Something else, such as a list in parentheses.
    Other,
}

/// `name`, `name = value`, or something that is neither.
pub(crate) struct Entry {
    pub(crate) name: Ident,
    pub(crate) given: Given,
    /// All of it, for mistakes.
    pub(crate) tokens: TokenStream,
}

/// Splits the options at their commas; what does not begin with a name is a mistake.
pub(crate) fn entries(options: TokenStream, mistakes: &mut Mistakes) -> Vec<Entry> {
    let mut entries = Vec::new();
    for tokens in split_at_commas(options) {
        match entry(&tokens) {
            Some(entry) => entries.push(entry),
            None => mistakes.at(tokens, "expected an option, such as `after = [\"load\"]`"),
        }
    }
    entries
}

fn entry(tokens: &TokenStream) -> Option<Entry> {
    let mut rest = tokens.clone().into_iter();
    let Some(TokenTree::Ident(name)) = rest.next() else { return None };
    let given = match rest.next() {
        None => Given::Bare,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = rest.collect();
            if value.is_empty() { Given::Other } else { Given::Value(value) }
        }
        Some(_) => Given::Other,
    };
    Some(Entry { name, given, tokens: tokens.clone() })
}

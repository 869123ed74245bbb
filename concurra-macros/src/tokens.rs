//! Walks over raw tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// The parts between top-level commas; nothing for a trailing comma.
pub(crate) fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == ',');
    let parts = tokens.split(is_comma).filter(|part| !part.is_empty());
    parts.map(|part| part.iter().cloned().collect()).collect()
}

/// Whether a keyword occurs at any depth.
pub(crate) fn has_word(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => has_word(&group.stream(), word),
        _ => false,
    })
}

/// Whether a lifetime other than `'static` occurs, or a reference without a lifetime.
///
/// Parameters of `Fn(&str)` are left out, as its callers own what it borrows there. The compiler
/// checks types with `->` or `for`, which say more of functions.
pub(crate) fn has_borrow(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    if tokens.iter().any(|token| matches!(&*token.to_string(), "-" | "for")) {
        return false;
    }
    (0..tokens.len()).any(|at| {
        let follows = |text: &str| tokens.get(at + 1).is_some_and(|next| next.to_string() == text);
        let after_word = at > 0 && matches!(tokens[at - 1], TokenTree::Ident(_));
        match &tokens[at] {
            TokenTree::Punct(punct) if punct.as_char() == '\'' => !follows("static"),
            TokenTree::Punct(punct) if punct.as_char() == '&' => !follows("'"),
            TokenTree::Group(group) => {
                let of_callers = after_word && group.delimiter() == Delimiter::Parenthesis;
                !of_callers && has_borrow(&group.stream())
            }
            _ => false,
        }
    })
}

/// The tokens with every lifetime but `'static` left to inference: the names that a function
/// declares do not exist outside of it.
pub(crate) fn without_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    let rename = |token| {
        let is_lifetime = std::mem::replace(&mut after_quote, false);
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                after_quote = true;
                TokenTree::Punct(punct)
            }
            TokenTree::Ident(name) if is_lifetime && name != "static" => {
                TokenTree::Ident(Ident::new("_", name.span()))
            }
            TokenTree::Group(group) => {
                let stream = without_lifetimes(group.stream());
                let mut renamed = Group::new(group.delimiter(), stream);
                renamed.set_span(group.span());
                TokenTree::Group(renamed)
            }
            token => token,
        }
    };
    tokens.into_iter().map(rename).collect()
}

/// The spans where tokens begin and end, resolved as the expansion's: errors point at the user's
/// code, and lints know that the user did not write it.
pub(crate) fn ends(tokens: &TokenStream) -> (Span, Span) {
    let here = Span::call_site();
    let spans = |token: TokenTree| match token {
        TokenTree::Group(group) => (group.span_open(), group.span_close()),
        token => (token.span(), token.span()),
    };
    let mut tokens = tokens.clone().into_iter();
    let first = tokens.next().map_or((here, here), spans);
    let last = tokens.last().map_or(first, spans);
    (first.0.resolved_at(here), last.1.resolved_at(here))
}

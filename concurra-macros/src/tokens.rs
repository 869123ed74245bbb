//! Walks over raw tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// The parts between top-level commas; nothing for a trailing comma.
pub(crate) fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => {
                parts.push(TokenStream::new())
            }
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The first occurrence of a keyword at any depth.
pub(crate) fn find_word(tokens: &TokenStream, word: &str) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == word => Some(ident),
        TokenTree::Group(group) => find_word(&group.stream(), word),
        _ => None,
    })
}

/// The first lifetime other than `'static`, or reference without one. What is borrowed in the
/// parameters of `Fn(&str)` belongs to its callers and is left out; a type that says more of
/// functions is left to the compiler.
pub(crate) fn find_borrow(tokens: &TokenStream) -> Option<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    if tokens.iter().any(|token| matches!(&*token.to_string(), "-" | "for")) {
        return None;
    }
    (0..tokens.len()).find_map(|at| {
        let follows = |text: &str| tokens.get(at + 1).is_some_and(|next| next.to_string() == text);
        let after_word = at > 0 && matches!(tokens[at - 1], TokenTree::Ident(_));
        match &tokens[at] {
            TokenTree::Punct(punct) => match punct.as_char() {
                '\'' if !follows("static") => Some(tokens[at].clone()),
                '&' if !follows("'") => Some(tokens[at].clone()),
                _ => None,
            },
            TokenTree::Group(group) => {
                let of_callers = after_word && group.delimiter() == Delimiter::Parenthesis;
                if of_callers { None } else { find_borrow(&group.stream()) }
            }
            _ => None,
        }
    })
}

/// The same tokens with every lifetime but `'static` left to inference: the names that a
/// function declares do not exist outside of it.
pub(crate) fn without_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let is_name = std::mem::replace(&mut after_quote, false);
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    after_quote = true;
                    TokenTree::Punct(punct)
                }
                TokenTree::Ident(name) if is_name && name != "static" => {
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
        })
        .collect()
}

/// Where tokens begin and end, as of the expansion: errors point at the user's code, and lints
/// know that the user did not write it.
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

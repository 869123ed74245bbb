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
/// checks types with `->` or `for`, which describe functions.
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

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn parts_are_split_at_top_level_commas() {
        let parts = |tokens| split_at_commas(tokens).iter().map(ToString::to_string).collect();
        let parts: Vec<String> = parts(quote!(a = [1, 2], b, , c(3, 4),));
        assert_eq!(parts, ["a = [1 , 2]", "b", "c (3 , 4)"]);
        assert!(split_at_commas(quote!()).is_empty());
    }

    #[test]
    fn borrows_are_found_at_any_depth() {
        for borrowed in [quote!(&str), quote!(Option<Cow<'a, str>>), quote!((u8, [&u8; 2]))] {
            assert!(has_borrow(&borrowed), "{borrowed}");
        }
        for owned in [
            quote!(&'static str),
            quote!(Box<dyn Fn(&str)>),
            quote!(fn(&str) -> &str),
            quote!(Box<dyn for<'a> Fn(&'a str)>),
            quote!(Vec<u8>),
        ] {
            assert!(!has_borrow(&owned), "{owned}");
        }
    }

    #[test]
    fn only_static_lifetimes_keep_their_names() {
        let inferred = without_lifetimes(quote!((&'a Rows<'b>, &'static str, &u8)));
        assert_eq!(inferred.to_string(), quote!((&'_ Rows<'_>, &'static str, &u8)).to_string());
    }
}

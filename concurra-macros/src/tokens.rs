//! Walks over raw tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// The parts between top-level commas; nothing for a trailing comma.
pub(crate) fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == ',');
    let parts = tokens.split(is_comma).filter(|part| !part.is_empty());
    parts.map(|part| part.iter().cloned().collect()).collect()
}

/// The tokens without the invisible groups around what `macro_rules!` captured as an expression, a type
/// or an attribute.
pub(crate) fn visible(tokens: TokenStream) -> TokenStream {
    let shown = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => visible(group.stream()),
        TokenTree::Group(group) => {
            let mut shown = Group::new(group.delimiter(), visible(group.stream()));
            shown.set_span(group.span());
            TokenTree::Group(shown).into()
        }
        token => token.into(),
    };
    tokens.into_iter().flat_map(|token| -> TokenStream { shown(token) }).collect()
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

/// Whether the value of a returned type has a reference to static data in it, such as in
/// `Vec<&'static str>`. The type of an error does not count.
pub(crate) fn has_static_borrow(returned: &TokenStream) -> bool {
    fn has(tokens: &[TokenTree]) -> bool {
        let texts = tokens.iter().map(ToString::to_string).collect::<Vec<_>>();
        texts.windows(3).any(|three| three == ["&", "'", "static"])
            || tokens.iter().any(|token| match token {
                TokenTree::Group(group) => has(&group.stream().into_iter().collect::<Vec<_>>()),
                _ => false,
            })
    }
    has(&passed(visible(returned.clone()).into_iter().collect()))
}

/// The tokens of `T` in `Result<T, E>`, also where that is inside another `Result`.
fn passed(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let is = |token: &TokenTree, text: &str| token.to_string() == text;
    let Some(start) = tokens.iter().position(|token| is(token, "<")) else { return tokens };
    if start == 0 || !is(&tokens[start - 1], "Result") {
        return tokens;
    }
    let mut depth = 0;
    let mut end = tokens.len();
    for (at, token) in tokens.iter().enumerate().skip(start + 1) {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '<' => depth += 1,
            // Not the one of `->`.
            TokenTree::Punct(mark) if mark.as_char() == '>' && !is(&tokens[at - 1], "-") => {
                depth -= 1;
            }
            TokenTree::Punct(mark) if mark.as_char() == ',' && depth == 0 => depth = -1,
            _ => {}
        }
        if depth < 0 {
            end = at;
            break;
        }
    }
    passed(tokens[start + 1..end].to_vec())
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
    fn static_borrows_are_found_in_results_but_not_in_errors() {
        for borrowed in [
            quote!(&'static str),
            quote!(Vec<(u8, &'static str)>),
            quote!(anyhow::Result<Option<&'static str>>),
            quote!(Result<Result<[&'static str; 2], u8>, String>),
        ] {
            assert!(has_static_borrow(&borrowed), "{borrowed}");
        }
        for other in [
            quote!(Result<u8, &'static str>),
            quote!(Result<Result<Vec<u8>, &'static str>, Box<dyn Fn() -> &'static str>>),
            quote!(Cow<'static, str>),
            quote!(()),
        ] {
            assert!(!has_static_borrow(&other), "{other}");
        }
    }

    #[test]
    fn invisible_groups_are_flattened_at_any_depth() {
        let hidden = |tokens| TokenTree::Group(Group::new(Delimiter::None, tokens));
        let list = hidden(quote!(["a"]));
        let inner = hidden(quote!(after = #list));
        let all = hidden(quote!((#inner, isolate)));
        assert_eq!(visible(quote!(#all)).to_string(), quote!((after = ["a"], isolate)).to_string());
    }

    #[test]
    fn only_static_lifetimes_keep_their_names() {
        let inferred = without_lifetimes(quote!((&'a Rows<'b>, &'static str, &u8)));
        assert_eq!(inferred.to_string(), quote!((&'_ Rows<'_>, &'static str, &u8)).to_string());
    }
}

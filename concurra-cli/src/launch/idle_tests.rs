//! Functions with `#[test]` in a target with `harness = false`. The compiler leaves them out, so no test
//! runner can list them: only the sources show them.

use std::path::PathBuf;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// How many functions in these sources have `#[test]`.
pub(crate) fn count(sources: &[PathBuf]) -> usize {
    let texts = sources.iter().filter_map(|source| std::fs::read_to_string(source).ok());
    // Most sources have none, and to read a text as tokens takes longer.
    let texts = texts.filter(|text| text.contains("test"));
    texts.filter_map(|text| Some(count_tokens(text.parse().ok()?))).sum()
}

fn count_tokens(tokens: TokenStream) -> usize {
    let tokens = tokens.into_iter().collect::<Vec<_>>();
    let attributes = tokens.windows(2).filter(|pair| is_test(pair)).count();
    let inside = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => count_tokens(group.stream()),
        _ => 0,
    });
    attributes + inside.sum::<usize>()
}

/// Whether two tokens are `#` and `[test]`, also with a path before `test` or options behind it.
fn is_test(pair: &[TokenTree]) -> bool {
    let [TokenTree::Punct(mark), TokenTree::Group(group)] = pair else { return false };
    if mark.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
        return false;
    }
    let is_path = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let path = group.stream().into_iter().take_while(is_path);
    path.last().is_some_and(|last| last.to_string() == "test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attributes_count() {
        for (source, expected) in [
            ("#[test] fn a() {} mod b { #[test] #[ignore] fn c() {} }", 2),
            (
                "#[core::prelude::v1::test] fn a() {} #[tokio::test(flavor = \"x\")] async fn b() {}",
                2,
            ),
            ("#!/usr/bin/env mtrun\n#[test] fn a() {}", 1),
            ("// #[test]\n/* #[test] */ fn test() { let s = \"#[test]\"; }", 0),
            ("#[cfg(test)] mod test { #[task] fn a() {} } #[test_case(1)] fn b() {}", 0),
            ("#[test] fn a( {", 0),
        ] {
            assert_eq!(source.parse().map_or(0, count_tokens), expected, "{source}");
        }
    }
}

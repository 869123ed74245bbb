//! The annotated function.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Item, Signature, Visibility};

use crate::kind::Kind;
use crate::mistakes::Mistakes;

/// The annotated function.
pub(crate) struct Function {
    /// Which attribute the compiler expands.
    pub(crate) kind: Kind,
    pub(crate) attributes: Vec<Attribute>,
    visibility: Visibility,
    pub(crate) signature: Signature,
    /// Raw, so that a half-typed body still expands and keeps its formatting.
    body: TokenStream,
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        self.visibility.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl Function {
    /// Parses an item; another item than a function is a mistake.
    pub(crate) fn parse(kind: Kind, item: &TokenStream, mistakes: &mut Mistakes) -> Option<Self> {
        let function = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            let (visibility, signature) = (input.parse()?, input.parse()?);
            Ok(Self { kind, attributes, visibility, signature, body: input.parse()? })
        };
        let mistake = |error| match other_item(item) {
            Some(word) => {
                let rule = format!("`#[{}]` belongs on a function", kind.name());
                mistakes.at(word, format!("{rule}: write it above `fn`"));
            }
            None => mistakes.add(error),
        };
        function.parse2(item.clone()).map_err(mistake).ok()
    }

    /// Whether it ends in `;`, as in a trait.
    pub(crate) fn lacks_body(&self) -> bool {
        !self.body.clone().into_iter().any(|token| matches!(token, TokenTree::Group(_)))
    }
}

/// The first word of an item that is not a function. `None`: the item has a syntax error.
fn other_item(item: &TokenStream) -> Option<TokenTree> {
    syn::parse2::<Item>(item.clone()).ok()?;
    let mut words = item.clone().into_iter().filter(|it| matches!(it, TokenTree::Ident(_)));
    words.find(|word| word.to_string() != "pub")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parse(item: &TokenStream) -> Result<Function, String> {
        let mut mistakes = Mistakes::default();
        let function = Function::parse(Kind::Setup, item, &mut mistakes);
        function.ok_or_else(|| mistakes.to_compile_errors().to_string())
    }

    #[test]
    fn functions_are_emitted_as_written() {
        for item in [
            quote!(
                fn short() {}
            ),
            quote!(#[doc = "Loads."] #[inline] pub(crate) const unsafe extern "C" fn long<'a, T: 'a + ?Sized,>(
                mut _a: &'a T, (_b, _): (u8, u8,), ...
            ) -> impl Fn(&T) -> u8 + use<'a, T> where T: Sized, { half typed ! }),
            quote!(
                async fn without_body(self: Box<Self>) -> !;
            ),
        ] {
            let function = parse(&item).unwrap_or_else(|error| panic!("{error}: {item}"));
            assert_eq!(function.to_token_stream().to_string(), item.to_string());
        }
    }

    #[test]
    fn other_items_are_named_and_syntax_errors_stay() {
        let belongs = "`#[setup]` belongs on a function";
        for item in [
            quote!(
                pub struct Orders;
            ),
            quote!(impl Orders { fn pay(&self) {} }),
            quote!(
                type Alias = fn();
            ),
            quote!(
                static FUNCTION: fn() = main;
            ),
            quote!(
                extern crate core;
            ),
            quote!(declare! {}),
        ] {
            assert!(parse(&item).is_err_and(|error| error.contains(belongs)), "{item}");
        }
        for item in [quote!(pub fn), quote!(fn (x: u8) {}), quote!(const fn half(x))] {
            assert!(parse(&item).is_err_and(|error| !error.contains(belongs)), "{item}");
        }
    }

    #[test]
    fn a_body_is_a_block() {
        let lacks_body = |item| parse(&item).map(|function| function.lacks_body());
        assert_eq!(
            lacks_body(quote!(
                fn a() -> [u8; 2] {}
            )),
            Ok(false)
        );
        assert_eq!(
            lacks_body(quote!(
                fn a() -> [u8; 2];
            )),
            Ok(true)
        );
        assert_eq!(lacks_body(quote!(fn a())), Ok(true));
    }
}

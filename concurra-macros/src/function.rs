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

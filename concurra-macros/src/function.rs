//! The annotated function: its signature is understood, its body stays raw tokens.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ReturnType, Signature, Visibility};

use crate::kind::Kind;
use crate::libtest::is_of_libtest;
use crate::mistakes::Mistakes;

/// The annotated function.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    visibility: Visibility,
    pub(crate) signature: Signature,
    /// Raw: a body that is half typed still expands, and is never printed differently.
    pub(crate) body: TokenStream,
    /// The item as written.
    pub(crate) item: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let body = input.parse()?;
        Ok(Self { attributes, visibility, signature, body, item: TokenStream::new() })
    }
}

impl Function {
    /// Understands an item; one that is no function is a mistake.
    pub(crate) fn parse(kind: Kind, item: &TokenStream, mistakes: &mut Mistakes) -> Option<Self> {
        match syn::parse2::<Self>(item.clone()) {
            Ok(function) => Some(Self { item: item.clone(), ..function }),
            Err(error) => {
                match other_item(item) {
                    Some(word) => mistakes.at(word, belongs_on_function(kind)),
                    None => mistakes.add(error),
                }
                None
            }
        }
    }

    /// The return type; `None` when there is none to speak of.
    pub(crate) fn returns(&self) -> Option<TokenStream> {
        match &self.signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, returned) => {
                let returned = returned.to_token_stream();
                (returned.to_string() != "()").then_some(returned)
            }
        }
    }

    /// Attributes of ours that stand below the one being expanded.
    pub(crate) fn our_attributes(&self, krate: &str) -> impl Iterator<Item = (&Attribute, Kind)> {
        self.attributes.iter().filter_map(move |it| Some((it, ours(it, krate)?)))
    }

    /// The item with no attribute left that would repeat its mistakes.
    pub(crate) fn without_mistaken_attributes(&self, krate: &str) -> TokenStream {
        self.with_attributes(|it| ours(it, krate).is_none() && !is_of_libtest(it))
    }

    /// The item without attributes of libtest, of which the compiler would warn where there is no
    /// test.
    pub(crate) fn without_libtest(&self) -> TokenStream {
        if self.attributes.iter().any(is_of_libtest) {
            self.with_attributes(|attribute| !is_of_libtest(attribute))
        } else {
            self.item.clone()
        }
    }

    /// The item with some of its attributes.
    pub(crate) fn with_attributes(&self, keep: impl Fn(&Attribute) -> bool) -> TokenStream {
        let attributes = self.attributes.iter().filter(|attribute| keep(attribute));
        let Self { visibility, signature, body, .. } = self;
        quote!(#(#attributes)* #visibility #signature #body)
    }
}

/// Whether an attribute is one of ours: `#[task]` or `#[krate::task]`.
fn ours(attribute: &Attribute, krate: &str) -> Option<Kind> {
    let segments = &attribute.path().segments;
    let of_ours = segments.len() == 1 || segments.first()?.ident == krate;
    of_ours.then(|| Kind::named(&segments.last()?.ident.to_string())).flatten()
}

/// The word that tells what the item is, when it is no function.
fn other_item(item: &TokenStream) -> Option<TokenTree> {
    const OTHERS: [&str; 12] = [
        "struct",
        "enum",
        "union",
        "trait",
        "impl",
        "mod",
        "use",
        "type",
        "static",
        "const",
        "extern",
        "macro_rules",
    ];
    const OF_FUNCTIONS: [&str; 4] = ["fn", "async", "unsafe", "extern"];
    let is_one_of = |token: &TokenTree, words: &[&str]| words.contains(&&*token.to_string());
    let words = item.clone().into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
    let words: Vec<TokenTree> = words.collect();
    let until_fn = words.iter().take_while(|word| !is_one_of(word, &["fn"])).enumerate();
    let mut others = until_fn.filter(|(at, word)| {
        let next_is_of_function =
            words.get(at + 1).is_some_and(|next| is_one_of(next, &OF_FUNCTIONS));
        is_one_of(word, &OTHERS) && !next_is_of_function
    });
    others.next().map(|(_, word)| word.clone())
}

fn belongs_on_function(kind: Kind) -> String {
    format!("`#[{}]` belongs on a function: write it above `fn`", kind.name())
}

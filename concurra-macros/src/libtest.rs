//! Which attributes are libtest's, and what `#[should_panic]` says.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, LitStr, Meta};

/// What `#[should_panic]` says.
#[derive(Default)]
pub(crate) struct ShouldPanic {
    /// What the panic's message contains.
    pub(crate) expected: Option<LitStr>,
}

/// Whether libtest gives the attribute its meaning.
pub(crate) fn is_of_libtest(attribute: &Attribute) -> bool {
    is_modifier(attribute) || is_test(attribute)
}

fn is_modifier(attribute: &Attribute) -> bool {
    ["ignore", "should_panic"].iter().any(|name| attribute.path().is_ident(name))
}

/// Whether the attribute makes a test of the function, as `#[tokio::test]` does, too.
pub(crate) fn is_test(attribute: &Attribute) -> bool {
    let path = attribute.path();
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    match name.as_deref() {
        Some("test" | "bench") => true,
        Some("test_case") => matches!(attribute.meta, Meta::Path(_)),
        _ => false,
    }
}

impl ToTokens for ShouldPanic {
    /// The expected text as `expect_panic` takes it.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match &self.expected {
            Some(expected) => quote!(::core::option::Option::Some(#expected)),
            None => quote!(::core::option::Option::None),
        });
    }
}

//! Values as constant expressions.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// `Some(value)`.
pub(crate) fn some(value: impl ToTokens) -> TokenStream {
    quote!(::core::option::Option::Some(#value))
}

/// `Some(value)` or `None`.
pub(crate) fn optional(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), some)
}

/// `Duration::new(seconds, nanos)`.
pub(crate) fn duration(duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanos))
}

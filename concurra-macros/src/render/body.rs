//! The code that calls the function, and the type of its result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::constant::optional;
use crate::declaration::{Declaration, Returns};
use crate::kind::Kind;
use crate::tokens::{ends, has_static_borrow};

/// A closure that calls the function and returns how the call ended.
pub(super) fn body(declaration: &Declaration) -> TokenStream {
    let private = &declaration.private;
    let context = Ident::new("context", Span::mixed_site());
    let Declaration { callee, parameters, .. } = declaration;
    let call = quote!(
        #callee(#(<#parameters as #private::FromContext<'_>>::from_context(#context)),*)
    );
    let ending = match &declaration.returns {
        Returns::Nothing => quote!({ #call; #private::NOTHING }),
        Returns::Value(returned) => judged(declaration, returned, &call),
        Returns::Panic(expected) => {
            let text = optional(expected.text.as_ref());
            quote!(#private::expect_panic(#text, || { #call; }))
        }
    };
    quote!(|#context: &#private::Context<'_>| #ending)
}

/// A block that finds out whether the returned value is a success.
fn judged(declaration: &Declaration, returned: &TokenStream, call: &TokenStream) -> TokenStream {
    let private = &declaration.private;
    let end = if declaration.kind == Kind::Task { quote!(complete) } else { quote!(finish) };
    // A result that cannot be shared is an error of this argument, so the argument begins and
    // ends where the return type does.
    let (first, last) = ends(returned);
    let mut judged = quote_spanned! {first=>
        (&&&(&&&&&&&(&&&&&&&#private::probe::Returned::new(#call)).split()).split()).judge
    };
    judged.extend(quote_spanned!(last=> ()));
    quote! {{
        use #private::probe::{Judge as _, Split as _};
        #private::#end(#judged)
    }}
}

/// A function that describes the type of the result.
pub(super) fn result_type(declaration: &Declaration) -> TokenStream {
    let private = &declaration.private;
    let Returns::Value(returned) = &declaration.returns else {
        return quote!(#private::ResultType::of::<()>);
    };
    // `&'static str` is `Deserialize` for one lifetime only, which the compiler notices too late.
    let readable = if has_static_borrow(returned) { quote!(&result) } else { quote!(&&&&result) };
    quote! {
        || {
            use #private::probe::{Read as _, ResultOf as _, Write as _};
            let result = (&&&(&&&(&&&#private::probe::Probe::<#returned>::new()).result()).result()).result();
            #private::ResultType { encode: (&&result).writer(), ..(#readable).with_reader() }
        }
    }
}

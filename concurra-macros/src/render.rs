//! What an attribute expands to: the item as written, and its registration.
//!
//! The registration names nothing that a user's item could shadow, and needs no `allow`.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, FnArg, Meta};

use crate::function::Function;
use crate::kind::Kind;
use crate::libtest::ShouldPanic;
use crate::mistakes::Mistakes;
use crate::names::plain;
use crate::options::Options;
use crate::tokens::{ends, find_word, without_lifetimes};

/// The item with the errors of its attribute. It stays, so that its callers see no error of
/// their own.
pub(crate) fn mistaken(item: &TokenStream, mistakes: &Mistakes) -> TokenStream {
    let errors = mistakes.to_compile_errors();
    quote!(#item #errors)
}

/// The item and its registration.
pub(crate) fn registered(kind: Kind, options: &Options, function: &Function) -> TokenStream {
    let item = function.without_libtest();
    let private = private(options);
    let conditions = function.attributes.iter().filter(|attribute| is_condition(attribute));
    let deprecated = function.attributes.iter().any(|it| it.path().is_ident("deprecated"));
    let expect = deprecated.then(|| quote!(#[expect(deprecated, reason = "it runs all the same")]));
    let registration = if kind.is_task() {
        task(&private, options, function)
    } else {
        hook(&private, kind, function)
    };
    quote! {
        #item
        #(#conditions)*
        #expect
        const _: () = {
            #private::inventory::submit! { #registration }
        };
    }
}

fn task(private: &TokenStream, options: &Options, function: &Function) -> TokenStream {
    let common = common(private, function);
    let after = options.after.iter().map(|name| plain(&name.value()));
    let tags = &options.tags;
    let ignore = optional(options.ignore.as_ref());
    let said = said(private, options);
    let body = match &options.should_panic {
        None => body(private, function, &quote!(complete)),
        Some(expected) => panicking_body(private, function, expected),
    };
    let result = result_type(private, function);
    quote! {
        #private::Registration::Task(|| const { &#private::TaskDef {
            #common
            after: &[#(#after),*],
            tags: &[#(#tags),*],
            ignore: #ignore,
            options: #said,
            body: #body,
            result: #result,
        } })
    }
}

/// What was said beside names; most tasks say nothing, and then little is to be compiled.
fn said(private: &TokenStream, options: &Options) -> TokenStream {
    let Options { retries, backoff, timeout, isolate, secret, .. } = options;
    if (retries, backoff, timeout, isolate, secret) == (&None, &None, &None, &false, &false) {
        return quote!(#private::TaskOptions::NONE);
    }
    let retries = optional(retries.as_ref());
    let backoff = optional(backoff.map(duration));
    let timeout = optional(timeout.map(duration));
    quote! {
        #private::TaskOptions {
            retries: #retries,
            backoff: #backoff,
            timeout: #timeout,
            isolate: #isolate,
            secret: #secret,
        }
    }
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

fn duration(duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanos))
}

fn hook(private: &TokenStream, kind: Kind, function: &Function) -> TokenStream {
    let common = common(private, function);
    let kind = if kind == Kind::Setup { quote!(Setup) } else { quote!(Teardown) };
    let body = body(private, function, &quote!(finish));
    quote! {
        #private::Registration::Hook(|| const { &#private::HookDef {
            kind: #private::HookKind::#kind,
            #common
            body: #body,
        } })
    }
}

/// The fields that tasks and hooks share.
fn common(private: &TokenStream, function: &Function) -> TokenStream {
    let ident = &function.signature.ident;
    let name = plain(&ident.to_string());
    // `line!()` tells the place of the tokens that it is made of.
    let place = quote_spanned!(ident.span()=>
        file: ::core::file!(), line: ::core::line!(), column: ::core::column!());
    quote! {
        name: #name,
        module: ::core::module_path!(),
        target: #private::target(
            ::core::option_env!("CARGO_BIN_NAME"),
            ::core::option_env!("CARGO_TARGET_TMPDIR"),
        ),
        place: #private::Place { #place },
    }
}

/// A closure that calls the function and hands on what it returned.
fn body(private: &TokenStream, function: &Function, hand_on: &TokenStream) -> TokenStream {
    let context = context();
    let call = call(private, function);
    let Some(returned) = function.returns() else {
        return quote!(|#context: &#private::Context<'_>| { #call; #private::NOTHING });
    };
    // A result that cannot be shared is an error of this argument: its ends are those of the
    // return type.
    let (first, last) = ends(&returned);
    let mut judged = quote_spanned! {first=>
        (&&&(&&&&&&&(&&&&&&&#private::probe::Returned::new(#call)).split()).split()).judge
    };
    judged.extend(quote_spanned!(last=> ()));
    quote! {
        |#context: &#private::Context<'_>| {
            use #private::probe::{Judge as _, Split as _};
            #private::#hand_on(#judged)
        }
    }
}

/// A closure that calls a function which is to panic.
fn panicking_body(
    private: &TokenStream,
    function: &Function,
    expected: &ShouldPanic,
) -> TokenStream {
    let context = context();
    let call = call(private, function);
    quote! {
        |#context: &#private::Context<'_>| #private::expect_panic(#expected, || { #call; })
    }
}

/// The parameter of bodies.
fn context() -> Ident {
    Ident::new("context", Span::mixed_site())
}

/// A call of the function, its parameters filled from the context.
fn call(private: &TokenStream, function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let context = context();
    let arguments = function.signature.inputs.iter().filter_map(|parameter| match parameter {
        FnArg::Typed(typed) => Some(without_lifetimes(typed.ty.to_token_stream())),
        FnArg::Receiver(_) => None,
    });
    quote! {
        #name(#(<#arguments as #private::FromContext<'_>>::from_context(#context)),*)
    }
}

/// A function that tells what is known of the result's type.
fn result_type(private: &TokenStream, function: &Function) -> TokenStream {
    match function.returns() {
        None => quote!(#private::nothing),
        Some(returned) => quote! {
            || {
                use #private::probe::{Describe as _, ResultOf as _, Write as _};
                let result = (&&&(&&&(&&&#private::probe::Probe::<#returned>::new()).result()).result()).result();
                (&&&&(&&result).written()).describe()
            }
        },
    }
}

/// The path of the module that expansions may use.
fn private(options: &Options) -> TokenStream {
    match &options.krate {
        Some(krate) => quote!(#krate::__private),
        None => quote!(::concurra::__private),
    }
}

/// Whether the function may be absent because of the attribute; its registration then is, too.
fn is_condition(attribute: &Attribute) -> bool {
    let path = attribute.path();
    let cfg_inside = || match &attribute.meta {
        Meta::List(list) => find_word(&list.tokens, "cfg").is_some(),
        _ => false,
    };
    path.is_ident("cfg") || (path.is_ident("cfg_attr") && cfg_inside())
}

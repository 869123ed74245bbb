//! The expansion of a declaration: the item and its registration.
//!
//! A registration names nothing that a user's item could shadow, and needs no `allow`.

mod body;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use self::body::{body, result_type};
use crate::constant::optional;
use crate::declaration::Declaration;
use crate::kind::Kind;
use crate::names::plain;

/// The item and its registration.
pub(crate) fn render(declaration: &Declaration) -> TokenStream {
    let Declaration { emit, private, .. } = declaration;
    let registration = registration(declaration);
    let expect = quote!(#[expect(deprecated, reason = "it runs all the same")]);
    let expect = declaration.is_deprecated.then_some(expect);
    quote! {
        #emit
        #expect
        const _: () = {
            #private::inventory::submit! { #registration }
        };
    }
}

fn registration(declaration: &Declaration) -> TokenStream {
    let Declaration { private, name, .. } = declaration;
    let hook = |kind| (quote!(Hook), quote!(HookDef), hook(declaration, &kind));
    let (variant, descriptor, fields) = match declaration.kind {
        Kind::Task => (quote!(Task), quote!(TaskDef), task(declaration)),
        Kind::Setup => hook(quote!(Setup)),
        Kind::Teardown => hook(quote!(Teardown)),
    };
    // `line!()` gives the line of the tokens that it is made of.
    let place = quote_spanned!(declaration.function.span()=>
        file: ::core::file!(), line: ::core::line!(), column: ::core::column!());
    let body = body(declaration);
    quote! {
        #private::Registration::#variant(|| const { &#private::#descriptor {
            name: #name,
            module: ::core::module_path!(),
            target: #private::target(
                ::core::option_env!("CARGO_BIN_NAME"),
                ::core::option_env!("CARGO_TARGET_TMPDIR"),
            ),
            place: #private::Place { #place },
            body: #body,
            #fields
        } })
    }
}

/// The fields that tasks do not have.
fn hook(declaration: &Declaration, kind: &TokenStream) -> TokenStream {
    let Declaration { private, options, .. } = declaration;
    let timeout = options.settings.iter().find(|(name, _)| *name == "timeout");
    let timeout = timeout.map_or_else(|| quote!(::core::option::Option::None), |it| it.1.clone());
    quote!(kind: #private::HookKind::#kind, timeout: #timeout,)
}

/// The fields that hooks do not have.
fn task(declaration: &Declaration) -> TokenStream {
    let after = declaration.options.after.iter().map(|name| plain(&name.value()));
    let tags = &declaration.options.tags;
    let ignore = optional(declaration.options.ignore.as_ref());
    let settings = settings(declaration);
    let result = result_type(declaration);
    quote! {
        after: &[#(#after),*],
        tags: &[#(#tags),*],
        ignore: #ignore,
        options: #settings,
        result: #result,
    }
}

/// Names only the settings that the user wrote, as most tasks have none.
fn settings(declaration: &Declaration) -> TokenStream {
    let Declaration { private, options, .. } = declaration;
    let none = quote!(#private::TaskOptions::NONE);
    if options.settings.is_empty() {
        return none;
    }
    let fields = options.settings.iter().map(|(name, value)| {
        let name = Ident::new(name, Span::call_site());
        quote!(#name: #value,)
    });
    // No task has every setting: one with a serial name does not run alone.
    quote!(#private::TaskOptions { #(#fields)* ..#none })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand;

    fn text(kind: Kind, options: TokenStream, item: TokenStream) -> String {
        expand(kind, options, item).to_string().replace(' ', "")
    }

    #[test]
    fn only_written_settings_are_rendered() {
        let without = text(
            Kind::Task,
            quote!(after = ["a"]),
            quote!(
                fn load() {}
            ),
        );
        assert!(without.contains("options:::concurra::__private::TaskOptions::NONE,"), "{without}");
        let with = text(
            Kind::Task,
            quote!(secret, crate = conc),
            quote!(
                fn load() {}
            ),
        );
        let options = "TaskOptions{secret:true,..conc::__private::TaskOptions::NONE}";
        assert!(with.contains(options), "{with}");
        assert!(!with.contains("retries"), "{with}");
    }

    #[test]
    fn attributes_that_mean_something_here_are_not_emitted() {
        let item = quote!(
            #[doc = "Loads."]
            #[should_panic]
            #[deprecated]
            #[ignore = "why"]
            fn load() {}
        );
        let rendered = text(Kind::Task, quote!(), item);
        let emitted = "#[doc=\"Loads.\"]#[deprecated]fnload(){}#[expect(deprecated,";
        assert!(rendered.starts_with(emitted), "{rendered}");
        assert_eq!(rendered.matches("inventory::submit!").count(), 1);
    }

    #[test]
    fn a_mistaken_declaration_registers_nothing() {
        let item = quote!(
            #[setup]
            #[inline]
            async fn load() {}
        );
        let rendered = text(Kind::Teardown, quote!(), item);
        assert!(
            rendered.starts_with("#[inline]asyncfnload(){}::core::compile_error!"),
            "{rendered}"
        );
        assert_eq!(rendered.matches("compile_error!").count(), 2);
        assert!(!rendered.contains("submit!"), "{rendered}");
    }
}

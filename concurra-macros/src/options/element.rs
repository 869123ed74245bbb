//! The elements of lists. An error says what to write.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{LitStr, Path};

use crate::names::{path_text, plain};

/// A task that must pass first.
pub(crate) enum Dependency {
    /// The plan looks for a task of this name.
    Name(LitStr),
}

impl Dependency {
    /// The name as tasks have it.
    pub(crate) fn name(&self) -> String {
        let Self::Name(name) = self;
        plain(&name.value())
    }
}

impl ToTokens for Dependency {
    /// As the user wrote it.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self::Name(name) = self;
        name.to_tokens(tokens);
    }
}

/// Reads an element of `after`.
pub(super) fn dependency(element: &TokenStream) -> Result<Dependency, String> {
    if let Ok(path) = syn::parse2::<Path>(element.clone()) {
        let advice = format!("write the name, `\"{}\"`", path_text(&path));
        return Err(format!("a path in `after` is not supported yet: {advice}"));
    }
    text(element, "after", "task's name").map(Dependency::Name)
}

/// Reads an element of `tags`.
pub(super) fn tag(element: &TokenStream) -> Result<LitStr, String> {
    let tag = text(element, "tags", "tag")?;
    if tag.value().contains([',', '&', '|', '!', '(', ')']) {
        let operators = "`, & | ! ( )` are the operators of `--tags`";
        return Err(format!("{operators}, which could not select this tag: write it without them"));
    }
    Ok(tag)
}

fn text(element: &TokenStream, option: &str, what: &str) -> Result<LitStr, String> {
    let Ok(text) = syn::parse2::<LitStr>(element.clone()) else {
        return Err(format!("expected a name in quotes, as in `{option} = [\"a\", \"b\"]`"));
    };
    if text.value().trim().is_empty() {
        return Err(format!("an empty string is not a {what}: write one, or remove it"));
    }
    Ok(text)
}

//! The elements of lists. An error shows the right form.

use proc_macro2::TokenStream;
use syn::{LitStr, Path};

use crate::names::{composed, path_text};

/// Reads an element of `after`.
pub(super) fn dependency(element: &TokenStream) -> Result<LitStr, String> {
    if let Ok(path) = syn::parse2::<Path>(element.clone()) {
        let advice = format!("write the name, `\"{}\"`", path_text(&path));
        return Err(format!("a path in `after` is not supported yet: {advice}"));
    }
    text(element, "after", "task's name")
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
    label(&text, what)
}

/// Refuses a text that nothing else could name: an empty one, or one with blanks at its ends.
pub(super) fn label(text: &LitStr, what: &str) -> Result<LitStr, String> {
    let value = text.value();
    let trimmed = value.trim();
    if trimmed.is_empty() {
        return Err(format!("an empty string is not a {what}: write one, or remove it"));
    }
    if trimmed != value {
        return Err(format!("a {what} has no blanks at its ends: write `{trimmed:?}`"));
    }
    if value.contains(char::is_control) {
        return Err(format!("a {what} has no control characters: write it without them"));
    }
    Ok(LitStr::new(&composed(&value), text.span()))
}

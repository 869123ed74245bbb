//! Lists of names: what `after` and `tags` take.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Lit, LitStr, Path};

use crate::mistakes::Mistakes;
use crate::tokens::split_at_commas;

/// Reads `["a", "b"]`. `None`: it is no list in brackets.
pub(crate) fn list(
    option: &str,
    value: &TokenStream,
    mistakes: &mut Mistakes,
) -> Option<Vec<LitStr>> {
    let mut tokens = value.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return None;
    };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let mut names: Vec<LitStr> = Vec::new();
    for element in split_at_commas(group.stream()) {
        let Some(name) = name(option, &element, mistakes) else { continue };
        if names.iter().any(|earlier| earlier.value() == name.value()) {
            mistakes.at(&name, format!("`{}` is given twice: remove one", name.value()));
        }
        names.push(name);
    }
    Some(names)
}

/// Reads one element of a list.
fn name(option: &str, element: &TokenStream, mistakes: &mut Mistakes) -> Option<LitStr> {
    if let Ok(Lit::Str(name)) = syn::parse2(element.clone()) {
        check(option, &name, mistakes);
        return Some(name);
    }
    if let (Ok(path), "after") = (syn::parse2::<Path>(element.clone()), option) {
        let name = path_text(&path);
        let message =
            format!("a path in `after` is not supported yet: write the name, `\"{name}\"`");
        mistakes.at(element, message);
    } else {
        mistakes
            .at(element, format!("expected a name in quotes, as in `{option} = [\"a\", \"b\"]`"));
    }
    None
}

/// A name that nothing can be called is a mistake.
fn check(option: &str, name: &LitStr, mistakes: &mut Mistakes) {
    let text = name.value();
    if text.trim().is_empty() {
        let what = if option == "after" { "task's name" } else { "tag" };
        mistakes.at(name, format!("an empty string is no {what}: write one, or remove it"));
    } else if option == "tags" && text.contains([',', '&', '|', '!', '(', ')']) {
        let message = "`, & | ! ( )` are the operators of `--tags`, which could not select \
                       this tag: write it without them";
        mistakes.at(name, message);
    }
}

/// A path as its name would be written.
pub(crate) fn path_text(path: &Path) -> String {
    let segments: Vec<String> =
        path.segments.iter().map(|segment| plain(&segment.ident.to_string())).collect();
    segments.join("::")
}

/// A name without the `r#` of raw identifiers, which no task's name has.
pub(crate) fn plain(name: &str) -> String {
    let segments: Vec<&str> =
        name.split("::").map(|segment| segment.strip_prefix("r#").unwrap_or(segment)).collect();
    segments.join("::")
}

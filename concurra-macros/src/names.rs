//! Names as tasks have them.

use proc_macro2::{TokenStream, TokenTree};
use syn::Path;

/// The text of a path: `db::migrate`.
pub(crate) fn path_text(path: &Path) -> String {
    let segments = path.segments.iter().map(|segment| plain(&segment.ident.to_string()));
    segments.collect::<Vec<_>>().join("::")
}

/// The text with each word in the composed form of Unicode (NFC), as the compiler writes the names of
/// functions. It is the compiler that composes them here.
pub(crate) fn composed(text: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || !letter.is_ascii() || letter == '_';
    let letters = text.chars().collect::<Vec<_>>();
    let runs = letters.chunk_by(|letter, next| is_part(*letter) == is_part(*next));
    runs.map(|run| run.iter().collect()).map(composed_word).collect()
}

fn composed_word(word: String) -> String {
    if word.is_ascii() {
        return word;
    }
    // A word that begins with a digit or is a keyword is a part of an identifier, too.
    let parsed = format!("_{word}").parse::<TokenStream>();
    let mut tokens = parsed.into_iter().flatten();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), None) => name.to_string()[1..].to_owned(),
        // Of other characters, such as emoji, no two forms are in use.
        _ => word,
    }
}

/// The name without the `r#` of raw identifiers, as no task's name has it.
pub(crate) fn plain(name: &str) -> String {
    let segments = name.split("::").map(|it| it.strip_prefix("r#").unwrap_or(it));
    segments.collect::<Vec<_>>().join("::")
}

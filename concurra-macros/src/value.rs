//! The values of options. `None`: it is of another type; a value that is of the right type and
//! makes no sense is a mistake at its own token.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{Lit, LitStr, Path};

use crate::duration;
use crate::entry::{Entry, Given};
use crate::mistakes::Mistakes;

/// What stands behind `=`.
pub(crate) const fn value(entry: &Entry) -> Option<&TokenStream> {
    match &entry.given {
        Given::Value(value) => Some(value),
        Given::Bare | Given::Other => None,
    }
}

/// The option's name, when it stands alone.
pub(crate) fn flag(entry: &Entry) -> Option<Ident> {
    matches!(entry.given, Given::Bare).then(|| entry.name.clone())
}

pub(crate) fn text(entry: &Entry) -> Option<LitStr> {
    match syn::parse2(value(entry)?.clone()) {
        Ok(Lit::Str(text)) => Some(text),
        _ => None,
    }
}

pub(crate) fn path(entry: &Entry) -> Option<Path> {
    syn::parse2(value(entry)?.clone()).ok()
}

pub(crate) fn number(entry: &Entry, mistakes: &mut Mistakes) -> Option<u32> {
    let written = value(entry)?;
    let Ok(Lit::Int(literal)) = syn::parse2(written.clone()) else { return None };
    if !matches!(literal.suffix(), "" | "u32") {
        return None;
    }
    let number = literal.base10_parse().unwrap_or_else(|_| {
        let name = &entry.name;
        mistakes.at(
            written,
            if literal.base10_digits().starts_with('-') {
                format!("`{name}` cannot be negative: write `{name} = 0` for none")
            } else {
                format!("`{name}` is at most {}: write a smaller number", u32::MAX)
            },
        );
        0
    });
    Some(number)
}

pub(crate) fn duration(entry: &Entry, mistakes: &mut Mistakes) -> Option<Duration> {
    let literal = text(entry)?;
    let duration = duration::parse(&literal.value()).unwrap_or_else(|message| {
        mistakes.at(&literal, message);
        Duration::MAX
    });
    Some(duration)
}

//! The Rust source of a scratch file.

use std::fs;
use std::io;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::launch::error::LaunchError;

/// Reads the file, without the mark that some editors put first.
pub(super) fn read(file: &Path) -> Result<String, LaunchError> {
    // The manifest of its package names it.
    let name = file.to_str().ok_or_else(|| io::Error::other("its path is not valid Unicode"));
    let source = name.and_then(fs::read_to_string).map_err(|source| {
        let (path, suggestions) = (file.to_owned(), Vec::new());
        LaunchError::NoFile { path, source, suggestions }
    })?;
    Ok(source.strip_prefix('\u{feff}').map_or_else(|| source.clone(), str::to_owned))
}

/// Whether the file begins with the program that runs it; `#![..]` is an attribute.
pub(super) fn has_shebang(source: &str) -> bool {
    source.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('['))
}

/// Whether the file itself calls `main!`: not in a comment, a text, or the body of something else.
/// A file that is not valid Rust calls nothing.
pub(super) fn has_main(source: &str) -> bool {
    // As a comment, the first line of a program is Rust.
    let code = if has_shebang(source) { format!("//{source}") } else { source.to_owned() };
    let tokens = code.parse::<TokenStream>().unwrap_or_default().into_iter().collect::<Vec<_>>();
    tokens.windows(2).any(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Punct(mark)] => name == "main" && mark.as_char() == '!',
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_in_code_counts() {
        for source in [
            "concurra::main!();",
            "#!/usr/bin/env mtrun\nuse concurra::main;\nmain! { workers = 2 }",
            "concurra :: main ! [];",
            "#![allow(unused)]\n/* a /* b */ */ #[cfg(unix)] concurra::main!();",
        ] {
            assert!(has_main(source), "{source}");
        }
    }

    #[test]
    fn main_elsewhere_does_not() {
        for source in [
            "// concurra::main!();\nfn main() {}",
            "/* concurra::main!(); */",
            "//! concurra::main!();",
            "/** concurra::main!(); */ fn a() {}",
            "const A: &str = \"concurra::main!();\";",
            "const A: &str = r##\"concurra::main!();\"##;",
            "macro_rules! a { () => { concurra::main!(); } }",
            "my_main!();",
        ] {
            assert!(!has_main(source), "{source}");
        }
    }
}

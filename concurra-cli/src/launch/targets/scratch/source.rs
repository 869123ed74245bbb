//! The Rust source of a scratch file.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::launch::error::LaunchError;

/// Reads the file, without the mark that some editors put first.
pub(super) fn read(file: &Path) -> Result<String, LaunchError> {
    let source = fs::read_to_string(file).map_err(|source| {
        let (path, suggestions) = (file.to_owned(), Vec::new());
        LaunchError::NoFile { path, source, suggestions }
    })?;
    Ok(source.strip_prefix('\u{feff}').map_or_else(|| source.clone(), str::to_owned))
}

/// Whether the file itself calls `main!`: not in a comment, a text, or the body of something else.
/// What the compiler cannot read either has none.
pub(super) fn has_main(source: &str) -> bool {
    let is_shebang = source.starts_with("#!") && !source[2..].trim_start().starts_with('[');
    let code =
        if is_shebang { source.split_once('\n').map_or("", |(_, code)| code) } else { source };
    let tokens = code.parse::<TokenStream>().unwrap_or_default().into_iter().collect::<Vec<_>>();
    let is_main = |token: &TokenTree| matches!(token, TokenTree::Ident(name) if name == "main");
    let is_mark =
        |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!');
    tokens.windows(2).any(|pair| is_main(&pair[0]) && is_mark(&pair[1]))
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

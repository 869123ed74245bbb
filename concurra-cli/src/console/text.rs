//! Words for a shell, and endings of nouns.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// A word as a shell takes it.
pub(crate) fn quoted(word: impl AsRef<OsStr>) -> String {
    let word = word.as_ref();
    let on_a_line = |word: &&str| !word.contains(char::is_control);
    let Some(word) = word.to_str().filter(on_a_line) else { return escaped(word.as_bytes()) };
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Bytes that are not Unicode or would break the line, in the one form that can be copied and typed.
fn escaped(word: &[u8]) -> String {
    let escape = |byte: &u8| match byte {
        b' '..=b'~' if !b"'\\".contains(byte) => char::from(*byte).to_string(),
        byte => format!("\\{byte:03o}"),
    };
    format!("$'{}'", word.iter().map(escape).collect::<String>())
}

/// The ending of a noun.
pub(crate) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_change_them() {
        assert_eq!(quoted("--set=a/b"), "--set=a/b");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(OsStr::from_bytes(b"a\xff'\\ b\n")), r"$'a\377\047\134 b\012'");
        assert_eq!(quoted("--text=a\n\u{1b}[1mä"), r"$'--text=a\012\033[1m\303\244'");
    }
}

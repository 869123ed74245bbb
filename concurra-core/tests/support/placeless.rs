//! Messages without the lines of the tests that caused them.

/// The text with `@` in place of every place in a test.
pub(crate) fn placeless(text: &str) -> String {
    let mut parts = text.split("concurra-core/tests/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let (_, line) = part.split_once(".rs:").expect("a file and a line");
        told + "@" + line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':')
    })
}

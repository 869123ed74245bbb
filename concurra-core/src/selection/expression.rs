//! The grammar of tag expressions: `a,b` is either, `a&!b` is `a` without `b`.

use std::fmt;

use crate::task::Task;

/// Alternatives of which one must hold; each is a list of tags to have or to lack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagExpression(Vec<Vec<Literal>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Literal {
    tag: String,
    wanted: bool,
}

impl TagExpression {
    /// Reads an expression; the error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let alternative = |text: &str| text.split('&').map(Literal::parse).collect();
        text.split([',', '|']).map(alternative).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn matches(&self, task: &Task) -> bool {
        let holds = |literal: &Literal| task.has_tag(&literal.tag) == literal.wanted;
        self.0.iter().any(|alternative| alternative.iter().all(holds))
    }

    /// The tags, each with whether a task must have it.
    pub(super) fn tags(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().flatten().map(|literal| (literal.tag.as_str(), literal.wanted))
    }

    /// The expression as part of a conjunction.
    pub(super) fn bracketed(&self) -> String {
        if self.0.len() > 1 { format!("({self})") } else { self.to_string() }
    }
}

impl Literal {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (tag, wanted) = text.strip_prefix('!').map_or((text, true), |tag| (tag.trim(), false));
        Ok(Self { tag: read_tag(tag)?, wanted })
    }
}

/// Reads one tag; the error says what is wrong.
pub(super) fn read_tag(text: &str) -> Result<String, String> {
    let tag = text.trim();
    if tag.is_empty() {
        return Err("a tag is missing".to_owned());
    }
    if tag.contains(['&', '|', '!', '(', ')']) {
        return Err(format!("`{tag}` is not a valid tag"));
    }
    Ok(tag.to_owned())
}

impl fmt::Display for TagExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternative = |literals: &Vec<Literal>| {
            let texts = literals
                .iter()
                .map(|literal| format!("{}{}", if literal.wanted { "" } else { "!" }, literal.tag));
            texts.collect::<Vec<_>>().join(" & ")
        };
        f.write_str(&self.0.iter().map(alternative).collect::<Vec<_>>().join(" | "))
    }
}

#[cfg(test)]
mod tests {
    use super::TagExpression;

    #[test]
    fn reads_and_writes() {
        for (text, read) in
            [("a", "a"), ("a,b", "a | b"), ("a&!b", "a & !b"), (" a , b & c ", "a | b & c")]
        {
            assert_eq!(TagExpression::parse(text).unwrap().to_string(), read);
        }
        assert_eq!(TagExpression::parse("a,b").unwrap().bracketed(), "(a | b)");
    }

    #[test]
    fn refuses_what_is_no_tag() {
        for text in ["", "a,", "a&", "!", "a,,b", "a!b", "(a)"] {
            assert!(TagExpression::parse(text).is_err(), "{text:?}");
        }
    }
}

//! The known word that an unknown one resembles.

/// The candidate with the fewest edits and swaps, when these are few for the word's length.
pub(super) fn suggestion<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let most = if word.chars().count() < 4 { 1 } else { 2 };
    let edits = candidates.iter().map(|known| (strsim::osa_distance(word, known), *known));
    edits.filter(|(edits, _)| *edits <= most).min().map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn only_similar_words_are_suggested() {
        let known = &["after", "tags", "ignore"];
        assert_eq!(suggestion("tag", known), Some("tags"));
        assert_eq!(suggestion("aftre", known), Some("after"));
        assert_eq!(suggestion("priority", known), None);
    }
}

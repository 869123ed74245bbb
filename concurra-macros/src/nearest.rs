//! The known word that an unknown one was probably meant to be.

/// The candidate with the fewest edits and swaps, when they are few for the word's length.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let most = if word.chars().count() < 4 { 1 } else { 2 };
    let edits = candidates.iter().map(|known| (strsim::osa_distance(word, known), *known));
    edits.filter(|(edits, _)| *edits <= most).min().map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_near_is_suggested() {
        let known = ["after", "tags", "ignore"];
        assert_eq!(nearest("tag", &known), Some("tags"));
        assert_eq!(nearest("aftre", &known), Some("after"));
        assert_eq!(nearest("priority", &known), None);
    }
}

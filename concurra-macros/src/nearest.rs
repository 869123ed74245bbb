//! The known word that an unknown one was probably meant to be.

/// The candidate with the fewest edits and swaps, when they are few for the word's length.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let most = if word.chars().count() < 4 { 1 } else { 2 };
    candidates
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut before = vec![0; to.len() + 1];
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 1..=from.len() {
        let mut next = vec![i; to.len() + 1];
        for j in 1..=to.len() {
            let replaced = row[j - 1] + usize::from(from[i - 1] != to[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits_and_swaps() {
        assert_eq!(distance("after", "after"), 0);
        assert_eq!(distance("atfer", "after"), 1);
        assert_eq!(distance("tag", "tags"), 1);
        assert_eq!(distance("", "tags"), 4);
    }

    #[test]
    fn offers_only_what_is_near() {
        let known = ["after", "tags", "ignore"];
        assert_eq!(nearest("tag", &known), Some("tags"));
        assert_eq!(nearest("aftre", &known), Some("after"));
        assert_eq!(nearest("priority", &known), None);
    }
}

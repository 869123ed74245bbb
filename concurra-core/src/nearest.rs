//! Known names that resemble an unknown one. It does not know what names stand for.

use crate::shown::choices;
pub use crate::shown::spelled;

/// The most names in a suggestion.
pub(crate) const SHOWN: usize = 3;

/// The longest name whose edits are counted, which takes the product of both lengths.
const LONGEST: usize = 256;

/// The candidates that `name` may be a slip of, nearest first and then by name, at most three.
///
/// A candidate counts as a whole and by as many of its last `::` segments as `name` has. Letter
/// case is ignored. One edit is allowed from two letters on, two from six, three from twelve.
///
/// ```
/// use concurra_core::nearest::nearest;
/// assert_eq!(nearest("migrat", ["db::migrate", "seed"]), ["db::migrate"]);
/// ```
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near = all_near(name, candidates);
    near.truncate(SHOWN);
    near
}

/// As [`nearest`], but all of them.
pub(crate) fn all_near<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let name = plain(name);
    let segments = name.split("::").count();
    let most = match name.chars().count() {
        0..=1 => 0,
        2..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    let distance = |candidate: &str| {
        let candidate = plain(candidate);
        let texts = [candidate.as_str(), last_segments(&candidate, segments)];
        texts.into_iter().filter_map(|text| edits(&name, text, most)).min()
    };
    let near = candidates.into_iter().filter_map(|text| Some((distance(text)?, text)));
    let mut near = near.collect::<Vec<_>>();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, text)| text).collect()
}

/// The name in lower case, and without marks of letters in decomposed form.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(|c| ('\u{300}'..='\u{36f}').contains(&c), "")
}

/// The end of a sentence about an unknown name: ``; did you mean `cfg`?``, or nothing.
///
/// ```
/// use concurra_core::nearest::did_you_mean;
/// assert_eq!(did_you_mean(&["a", "b", "c"]), "; did you mean `a`, `b` or `c`?");
/// ```
#[must_use]
pub fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    if names.is_empty() { String::new() } else { format!("; did you mean {}?", choices(names)) }
}

/// How many edits make one text the other, when there are no more than `most`: a letter added, dropped
/// or replaced, or two neighbours swapped. Only equal texts are near when they are very long.
fn edits(from: &str, to: &str, most: usize) -> Option<usize> {
    if from == to {
        return Some(0);
    }
    let lengths = [from, to].map(|text| text.chars().count());
    if lengths[0].abs_diff(lengths[1]) > most || lengths[0].max(lengths[1]) > LONGEST {
        return None;
    }
    Some(strsim::osa_distance(from, to)).filter(|edits| *edits <= most)
}

/// The last `count` segments of a path.
fn last_segments(path: &str, count: usize) -> &str {
    path.rmatch_indices("::").nth(count - 1).map_or(path, |(at, _)| &path[at + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_up_to_a_number() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "abd", 1),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
            ("größe", "grösse", 2),
        ] {
            for most in 0..5 {
                let known = (expected <= most).then_some(expected);
                assert_eq!(edits(from, to, most), known, "{from} -> {to}, {most}");
                assert_eq!(edits(to, from, most), known, "{to} -> {from}, {most}");
            }
        }
    }

    #[test]
    fn very_long_names_take_no_time() {
        let text = |letter: &str| letter.repeat(100_000);
        let (one, other) = (text("ab"), text("ba"));
        assert_eq!(nearest(&one, [one.as_str()]), [one.as_str()]);
        assert!(nearest(&one, [other.as_str(), text("a").as_str()]).is_empty());
    }

    #[test]
    fn the_composed_form_of_a_name_is_near() {
        let decomposed = "u\u{308}bergro\u{308}\u{df}e";
        assert_eq!(nearest(decomposed, ["übergröße"]), ["übergröße"]);
        assert_eq!(nearest("übergröße", [decomposed]), [decomposed]);
        assert_eq!(did_you_mean(&[decomposed]), r"; did you mean `u\u{308}bergro\u{308}ße`?");
    }

    #[test]
    fn near_names_come_nearest_first() {
        assert_eq!(nearest("config", ["confgi2", "confg", "other"]), ["confg", "confgi2"]);
        assert_eq!(nearest("CFG", ["cfg"]), ["cfg"]);
        assert_eq!(nearest("ab", ["ac", "ad", "ae", "af"]), ["ac", "ad", "ae"]);
    }

    #[test]
    fn a_single_letter_is_near_nothing_else() {
        assert!(nearest("x", ["y", "xy"]).is_empty());
        assert!(nearest("", ["a"]).is_empty());
    }

    #[test]
    fn paths_count_by_their_last_segments() {
        assert_eq!(nearest("db::migrat", ["app::db::migrate"]), ["app::db::migrate"]);
        assert!(nearest("db::seed", ["seed"]).is_empty());
        assert_eq!(nearest("db:::seeds", ["a::db:::seed"]), ["a::db:::seed"]);
        assert_eq!(nearest("größe", ["İ::GRÖSSE", "İ::GRÖẞE"]), ["İ::GRÖẞE"]);
    }

    #[test]
    fn without_near_names_the_sentence_ends() {
        assert_eq!(did_you_mean::<&str>(&[]), "");
        assert_eq!(did_you_mean(&["cfg"]), "; did you mean `cfg`?");
    }
}

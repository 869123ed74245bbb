//! Names that somebody may have meant. It knows nothing of what the names stand for.

/// The most names that are worth showing.
const SHOWN: usize = 3;

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
    let wanted = name.to_lowercase();
    let allowed = match wanted.chars().count() {
        0..=1 => 0,
        2..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    let segments = name.split("::").count();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let whole = candidate.to_lowercase();
            let edits =
                distance(&wanted, &whole).min(distance(&wanted, last_segments(&whole, segments)));
            (edits <= allowed).then_some((edits, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(SHOWN);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The end of a sentence about an unknown name: `; did you mean "cfg"?`, or nothing.
///
/// ```
/// assert_eq!(concurra_core::nearest::did_you_mean(&["a", "b"]), "; did you mean \"a\" or \"b\"?");
/// ```
#[must_use]
pub fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("{:?}", name.as_ref())).collect();
    format!("; did you mean {}?", quoted.join(" or "))
}

/// How many edits make one text the other: a letter added, dropped or replaced, or two neighbours
/// swapped (the optimal string alignment distance).
///
/// ```
/// assert_eq!(concurra_core::nearest::distance("wrokers", "workers"), 1);
/// ```
#[must_use]
pub fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    // A swap looks two rows back, so three rows of the table are alive at a time.
    let mut before_last = vec![0; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, &a) in from.iter().enumerate() {
        let mut row = vec![i + 1; to.len() + 1];
        for (j, &b) in to.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut edits = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == to[j - 1] && from[i - 1] == b {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row[j + 1] = edits;
        }
        before_last = last;
        last = row;
    }
    last[to.len()]
}

/// The last `count` segments of a path.
fn last_segments(path: &str, count: usize) -> &str {
    path.rmatch_indices("::").nth(count - 1).map_or(path, |(at, sep)| &path[at + sep.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (from, to, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
            // The alignment does not edit inside a swapped pair.
            ("ca", "abc", 3),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(distance(from, to), edits, "{from} -> {to}");
            assert_eq!(distance(to, from), edits, "{to} -> {from}");
        }
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
    }

    #[test]
    fn nothing_near_is_nothing_said() {
        assert_eq!(did_you_mean::<&str>(&[]), "");
        assert_eq!(did_you_mean(&["cfg"]), "; did you mean \"cfg\"?");
    }
}

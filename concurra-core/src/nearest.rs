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
    Candidates::new(candidates).nearest(name)
}

/// Names, made ready to be held against many that were not found.
#[derive(Debug)]
pub(crate) struct Candidates<'a>(Vec<(Kinds, &'a str)>);

impl<'a> Candidates<'a> {
    pub(crate) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(|name| (Kinds::of(lowercase(name)), name)).collect())
    }

    /// As the function [`nearest`].
    pub(crate) fn nearest(&self, name: &str) -> Vec<&'a str> {
        let wanted = Wanted::new(name);
        let mut letters = Vec::new();
        let mut near: Vec<(usize, &str)> = self
            .0
            .iter()
            // Most are told to be far by a look that is much cheaper than counting their edits.
            .filter(|(kinds, _)| kinds.missing(wanted.kinds) <= wanted.allowed)
            .filter_map(|(_, name)| Some((wanted.edits_to(name, &mut letters)?, *name)))
            .collect();
        near.sort_unstable();
        near.dedup();
        near.truncate(SHOWN);
        near.into_iter().map(|(_, candidate)| candidate).collect()
    }
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
    let [from, to] = [from, to].map(|text| text.chars().collect::<Vec<_>>());
    let most = from.len().max(to.len());
    edits(&from, &to, most).unwrap_or(most)
}

/// A name that was not found.
struct Wanted {
    letters: Vec<char>,
    kinds: Kinds,
    allowed: usize,
    segments: usize,
}

impl Wanted {
    fn new(name: &str) -> Self {
        let letters: Vec<char> = lowercase(name).collect();
        let allowed = match letters.len() {
            0..=1 => 0,
            2..=5 => 1,
            6..=11 => 2,
            _ => 3,
        };
        let segments = name.split("::").count();
        Self { kinds: Kinds::of(letters.iter().copied()), letters, allowed, segments }
    }

    /// How many edits away a candidate is, when it is near; `letters` is room for its letters.
    fn edits_to(&self, candidate: &str, letters: &mut Vec<char>) -> Option<usize> {
        letters.clear();
        letters.extend(lowercase(candidate));
        let last = last_segments(letters, self.segments);
        let whole = edits(&self.letters, letters, self.allowed);
        if last.len() == letters.len() {
            return whole;
        }
        whole.into_iter().chain(edits(&self.letters, last, self.allowed)).min()
    }
}

fn lowercase(name: &str) -> impl Iterator<Item = char> {
    name.chars().flat_map(char::to_lowercase)
}

/// Which kinds of letters a text has, a bit for each.
#[derive(Clone, Copy, Debug)]
struct Kinds(u64);

impl Kinds {
    fn of(letters: impl Iterator<Item = char>) -> Self {
        let kind = |letter: char| match letter {
            'a'..='z' => letter as u32 - 'a' as u32,
            '0'..='9' => 26 + letter as u32 - '0' as u32,
            other => 36 + other as u32 % 28,
        };
        Self(letters.fold(0, |kinds, letter| kinds | 1 << kind(letter)))
    }

    /// How many kinds of another text are missing here. An edit brings in one at most, so that text
    /// and any part of this one are no fewer edits apart.
    const fn missing(self, of: Self) -> usize {
        (of.0 & !self.0).count_ones() as usize
    }
}

/// As [`distance`], when there are no more edits than `most`.
fn edits(from: &[char], to: &[char], most: usize) -> Option<usize> {
    let (from, to) = without_common_ends(from, to);
    if from.len().abs_diff(to.len()) > most {
        return None;
    }
    let far = most + 1;
    // A swap looks two rows back, so three rows of the table are alive at a time.
    let mut before_last = vec![far; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut row = vec![far; to.len() + 1];
    let mut least_of_last = 0;
    for (i, &a) in from.iter().enumerate() {
        // Farther from the diagonal there are too many edits.
        let (start, end) = ((i + 1).saturating_sub(most).max(1), to.len().min(i + 1 + most));
        row[start - 1] = if start == 1 { i + 1 } else { far };
        let mut least = row[start - 1];
        for j in start..=end {
            let b = to[j - 1];
            let replaced = last[j - 1] + usize::from(a != b);
            let mut edits = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 0 && j > 1 && a == to[j - 2] && from[i - 1] == b {
                edits = edits.min(before_last[j - 2] + 1);
            }
            row[j] = edits;
            least = least.min(edits);
        }
        if let Some(beyond) = row.get_mut(end + 1) {
            *beyond = far;
        }
        if least > most && least_of_last >= most {
            return None;
        }
        least_of_last = least;
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[to.len()]).filter(|edits| *edits <= most)
}

/// Letters that both texts begin or end with need no edit.
fn without_common_ends<'t>(from: &'t [char], to: &'t [char]) -> (&'t [char], &'t [char]) {
    let same = |(a, b): &(&char, &char)| a == b;
    let front = from.iter().zip(to).take_while(same).count();
    let (from, to) = (&from[front..], &to[front..]);
    let back = from.iter().rev().zip(to.iter().rev()).take_while(same).count();
    (&from[..from.len() - back], &to[..to.len() - back])
}

/// The last `count` segments of a path.
fn last_segments(path: &[char], count: usize) -> &[char] {
    let (mut end, mut found) = (path.len(), 0);
    while end >= 2 {
        if path[end - 2..end] == [':', ':'] {
            found += 1;
            if found == count {
                return &path[end..];
            }
            end -= 1;
        }
        end -= 1;
    }
    path
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

    /// The definition of the distance, letter by letter.
    fn defined(from: &[char], to: &[char]) -> usize {
        let ([front @ .., a], [others @ .., b]) = (from, to) else {
            return from.len().max(to.len());
        };
        let replaced = defined(front, others) + usize::from(a != b);
        let edits = replaced.min(defined(front, to) + 1).min(defined(from, others) + 1);
        match (front, others) {
            ([front @ .., c], [others @ .., d]) if a == d && b == c => {
                edits.min(defined(front, others) + 1)
            }
            _ => edits,
        }
    }

    #[test]
    fn edits_are_counted_up_to_any_number() {
        let mut texts = vec![Vec::new()];
        for length in 0..5 {
            let longest = texts.iter().filter(|text| text.len() == length).cloned();
            let longer =
                longest.flat_map(|text| ['a', 'b', 'c'].map(|c| [&text[..], &[c]].concat()));
            texts.extend(longer.collect::<Vec<Vec<char>>>());
        }
        for from in texts.iter().step_by(7) {
            for to in &texts {
                let defined = defined(from, to);
                for most in 0..6 {
                    let expected = (defined <= most).then_some(defined);
                    assert_eq!(edits(from, to, most), expected, "{from:?} -> {to:?}, {most}");
                }
                let [from, to] = [from, to].map(|text| Kinds::of(text.iter().copied()));
                assert!(from.missing(to).max(to.missing(from)) <= defined);
            }
        }
    }

    #[test]
    fn long_names_need_no_look_at_every_pair_of_letters() {
        let text = |letter: &str| letter.repeat(100_000);
        let (one, other) = (text("ab"), text("ba"));
        assert_eq!(nearest(&one, [other.as_str()]), [other.as_str()]);
        assert!(nearest(&one, [text("a").as_str(), text("ba ").as_str()]).is_empty());
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
    fn nothing_near_is_nothing_said() {
        assert_eq!(did_you_mean::<&str>(&[]), "");
        assert_eq!(did_you_mean(&["cfg"]), "; did you mean \"cfg\"?");
    }
}

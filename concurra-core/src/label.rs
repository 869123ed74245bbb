//! The texts that name tags and groups. It does not know tasks.

/// What to write instead of a tag that no selection could choose.
pub(crate) fn of_tag(tag: &str) -> Option<&'static str> {
    let operators = tag.contains([',', '&', '|', '!', '(', ')']);
    let advice = "`, & | ! ( )` are the operators of selections; write it without them";
    of_name(tag).or(operators.then_some(advice))
}

/// What to write instead of a name that looks like another one.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    if name.trim().is_empty() {
        Some("it is empty; write a word, or leave it out")
    } else if name.trim() != name {
        Some("remove the blanks at its ends")
    } else if name.contains(char::is_control) {
        Some("remove its control characters")
    } else {
        None
    }
}

//! What several targets come to together: how many may fail, what is printed, and the exit code.

mod allowance;
mod line;
mod printer;

pub(crate) use allowance::Allowance;
pub(crate) use printer::Printer;

use crate::supervise::ExitClass;

/// How several targets together ended: nothing selected somewhere is fine when something was
/// selected elsewhere.
pub(crate) fn class_of_several(classes: impl IntoIterator<Item = ExitClass>) -> ExitClass {
    let classes = classes.into_iter().filter(|class| *class != ExitClass::Nothing);
    classes.reduce(ExitClass::max).unwrap_or(ExitClass::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_selected_counts_only_when_it_is_so_everywhere() {
        use ExitClass::{Failed, Good, Nothing};
        assert_eq!(class_of_several([Nothing, Good]), Good);
        assert_eq!(class_of_several([Nothing, Failed, Good]), Failed);
        assert_eq!(class_of_several([Nothing, Nothing]), Nothing);
        assert_eq!(class_of_several([]), Nothing);
    }
}

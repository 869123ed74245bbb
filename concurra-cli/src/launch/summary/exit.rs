//! Exit codes of `mtrun`, and which of several counts.

use std::process::ExitCode;

use crate::supervise::ExitClass;
use crate::supervise::signals::Kind;

/// The classes that decide over others, strongest first. They are the contract's, and stable.
const PRECEDENCE: [ExitClass; 10] = [
    ExitClass::Stopped(Kind::Interrupt),
    ExitClass::Stopped(Kind::Terminate),
    ExitClass::Build,
    ExitClass::Metadata,
    ExitClass::Listing,
    ExitClass::Plan,
    ExitClass::Setup,
    ExitClass::Option,
    ExitClass::Report,
    ExitClass::Failed,
];

/// How several targets together ended: nothing selected somewhere is fine when something was
/// selected elsewhere.
pub(crate) fn of_several(classes: &[ExitClass]) -> ExitClass {
    let bad = PRECEDENCE.into_iter().find(|class| classes.contains(class));
    bad.unwrap_or_else(|| {
        let good = classes.contains(&ExitClass::Good);
        if good { ExitClass::Good } else { ExitClass::Nothing }
    })
}

/// What the process ends with.
pub(crate) fn code(class: ExitClass) -> ExitCode {
    ExitCode::from(class.mtrun_code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_contracts_order_counts() {
        let codes = PRECEDENCE.map(ExitClass::mtrun_code);
        assert_eq!(codes, [130, 143, 101, 102, 104, 96, 105, 94, 110, 100]);
        for (place, strong) in PRECEDENCE.into_iter().enumerate() {
            for weak in PRECEDENCE.into_iter().skip(place).chain([ExitClass::Good]) {
                assert_eq!(of_several(&[weak, ExitClass::Nothing, strong]), strong);
            }
        }
    }

    #[test]
    fn nothing_selected_counts_only_when_it_is_so_everywhere() {
        assert_eq!(of_several(&[ExitClass::Nothing, ExitClass::Good]), ExitClass::Good);
        assert_eq!(of_several(&[ExitClass::Nothing, ExitClass::Nothing]), ExitClass::Nothing);
        assert_eq!(of_several(&[ExitClass::Nothing, ExitClass::Failed]), ExitClass::Failed);
        assert_eq!(of_several(&[]), ExitClass::Nothing);
    }
}

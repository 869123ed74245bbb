//! Tasks in worker processes: the program begins its `main` with the one line that it takes.

/// Tells the scenarios of a module by their names.
macro_rules! scenarios {
    ($($name:ident,)*) => {
        pub(crate) const ALL: &[(&str, fn())] = &[$((stringify!($name), $name)),*];
    };
}

#[path = "../../concurra-core/tests/support/aftermath.rs"]
mod aftermath;
mod crashes;
mod crossing;
mod kinds;
#[path = "../../concurra-core/tests/support/leftovers.rs"]
mod leftovers;
mod slots;
mod stops;
mod support;
mod tasks;

use libtest_mimic::{Arguments, Trial};

/// What fails until a worker that gave a process back is past ending it.
const UNMENDED: &[&str] = &["a_process_that_was_given_back_does_not_end_with_its_last_task"];

fn main() -> std::process::ExitCode {
    concurra::worker_process();
    if std::env::var_os("SLEEPERS").is_some() {
        crashes::sleep_until_killed();
    }
    let arguments = Arguments::from_args();
    let all = [slots::ALL, crossing::ALL, crashes::ALL, stops::ALL, kinds::ALL].concat();
    let trial = |(name, scenario): (&str, fn())| {
        let trial = Trial::test(name, move || {
            scenario();
            Ok(())
        });
        trial.with_ignored_flag(UNMENDED.contains(&name))
    };
    libtest_mimic::run(&arguments, all.into_iter().map(trial).collect()).exit_code()
}

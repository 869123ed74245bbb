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
mod left_running;
#[path = "../../concurra-core/tests/support/leftovers.rs"]
mod leftovers;
#[path = "../../concurra-core/tests/support/patience.rs"]
mod patience;
mod program;
mod shared;
mod slots;
mod stops;
mod support;
mod tasks;
mod trespass;
mod types;

use libtest_mimic::{Arguments, Trial};

fn main() -> std::process::ExitCode {
    concurra::worker_process();
    if std::env::var_os("SLEEPERS").is_some() {
        crashes::sleep_until_killed();
    }
    if let Ok(how) = std::env::var("IDLE") {
        left_running::end_with_an_idle_process(&how);
    }
    let arguments = Arguments::from_args();
    let all = [
        slots::ALL,
        crossing::ALL,
        crashes::ALL,
        stops::ALL,
        kinds::ALL,
        trespass::ALL,
        shared::ALL,
        program::ALL,
        left_running::ALL,
    ]
    .concat();
    let trial = |(name, scenario): (&str, fn())| {
        Trial::test(name, move || {
            scenario();
            Ok(())
        })
    };
    libtest_mimic::run(&arguments, all.into_iter().map(trial).collect()).exit_code()
}

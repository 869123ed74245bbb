//! Tasks in worker processes: the program begins its `main` with the one line that it takes.

mod scenarios;
mod tasks;

use libtest_mimic::{Arguments, Trial};

fn main() -> std::process::ExitCode {
    concurra::worker_process();
    if std::env::var_os("SLEEPERS").is_some() {
        scenarios::sleep_until_killed();
    }
    let arguments = Arguments::from_args();
    let trial = |(name, scenario): &(&str, fn())| {
        let scenario = *scenario;
        Trial::test(*name, move || {
            scenario();
            Ok(())
        })
    };
    libtest_mimic::run(&arguments, scenarios::ALL.iter().map(trial).collect()).exit_code()
}

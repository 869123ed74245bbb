use std::process::{ExitCode, Termination};

use concurra::{Runner, setup, task};

#[task]
fn three() -> Result<Result<Result<u8, String>, String>, String> {
    Ok(Ok(Err("inside".to_owned())))
}

#[setup]
fn four() -> Result<Result<Result<Result<(), String>, String>, String>, String> {
    Ok(Ok(Ok(Err("inside".to_owned()))))
}

#[task]
fn unnamed() -> impl Termination {
    ExitCode::FAILURE
}

struct Verdict;

impl Termination for Verdict {
    fn report(self) -> ExitCode {
        ExitCode::FAILURE
    }
}

fn main() {
    let mut runner = Runner::new();
    runner.add("own", || Verdict);
    runner.add("own inside", || Ok::<_, String>(Verdict));
}

//! Finds, builds and runs tasks: see `mtrun --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    concurra_cli::launch::main("mtrun", std::env::args_os().skip(1))
}

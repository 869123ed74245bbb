//! `cargo mtrun`: the program `mtrun` as a subcommand of cargo.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    // Cargo repeats the subcommand's name.
    args.next_if(|arg| arg == "mtrun");
    concurra_cli::launch::main("cargo mtrun", args)
}

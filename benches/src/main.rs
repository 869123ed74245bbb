//! Measures Concurra beside other schedulers: `cargo run --release -p concurra-benches -- engine`.
//!
//! A measurement, no test: figures of a busy machine mean little, ratios within one run mean more.

mod binary_size;
mod build_cost;
mod commands;
mod contender;
mod efficiency;
mod engine;
mod goals;
mod isolated;
mod launcher;
mod memory;
mod metg;
mod observed;
mod options;
mod package;
mod plan;
mod process;
mod shape;
mod small;
mod spin;
mod statistics;
mod table;
mod test_binary;

use std::process::ExitCode;

use options::Options;

/// A measurement prints what it finds, or says why it cannot be made.
type Measure = fn(&Options) -> Result<(), String>;

const MEASUREMENTS: &[(&str, &str, Measure)] = &[
    ("goals", "all goals of the project in one table", goals::measure),
    ("engine", "time per task by shape and size, beside other schedulers", engine::measure),
    ("memory", "bytes a task", memory::measure),
    ("small", "a whole run of few tasks on a warm pool", small::measure),
    ("efficiency", "how much of the workers' time bodies of 1 µs get", efficiency::measure),
    ("metg", "the shortest body with which workers are half busy", metg::measure),
    ("testbinary", "300 trivial tasks as one test binary", test_binary::measure),
    ("plan", "adding and planning a million closures", plan::measure),
    ("commands", "commands beside a plain loop over std::process::Command", commands::measure),
    ("isolated", "tasks of no work in worker processes", isolated::measure),
    ("observed", "what a task costs under mtrun, with console and report", observed::measure),
    ("build", "what building tasks costs", build_cost::measure),
    ("size", "how large a binary with one test is", binary_size::measure),
    ("launcher", "what mtrun adds to the binary's own run", launcher::measure),
];

fn main() -> ExitCode {
    concurra::worker_process();
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    if command == memory::CHILD {
        return ended(memory::be_child(arguments));
    }
    let Some((_, _, measure)) = MEASUREMENTS.iter().find(|(name, ..)| *name == command) else {
        eprintln!("{}", usage());
        return ExitCode::from(2);
    };
    ended(Options::read(arguments).and_then(|options| measure(&options)))
}

fn ended(measured: Result<(), String>) -> ExitCode {
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let lines = MEASUREMENTS.iter().map(|(name, what, _)| format!("  {name:12}{what}\n"));
    format!(
        "one of\n{}with --workers 2 --rounds N --tasks 100,1000 --shapes chain,grid --only dagx",
        lines.collect::<String>()
    )
}

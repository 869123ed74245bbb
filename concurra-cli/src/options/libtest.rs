//! Options that programs send which take the binary for a test of libtest.

use clap::Arg;

use super::table::{Row, flag};

pub(super) fn rows() -> Vec<Row> {
    let unstable = Arg::new("Z")
        .short('Z')
        .value_name("FLAG")
        .value_parser(["unstable-options"])
        .help("Allow libtest's unstable options");
    vec![
        // Tasks are tests, so `--bench` alone asks for none of them. Cargo sends it for `cargo bench`.
        flag("bench", "Run benchmarks instead of tests", |to| to.run.bench = true)
            .with(|arg| arg.hide(true)),
        flag("test", "Run tests and not benchmarks", |to| to.run.bench = false)
            .with(|arg| arg.hide(true)),
        Row::new(unstable, |_, _, _| Ok(())),
    ]
}

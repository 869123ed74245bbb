//! Options that only make sense to programs that think they start libtest.

use clap::Arg;

use super::table::{Row, flag};

pub(super) fn rows() -> Vec<Row> {
    let unstable = Arg::new("Z")
        .short('Z')
        .value_name("FLAG")
        .value_parser(["unstable-options"])
        .help("Allow what libtest calls unstable");
    let bench = flag("bench", "Run benchmarks instead of tests", |_| {});
    vec![
        flag("test", "Run tests and not benchmarks", |_| {}).with(|arg| arg.hide(true)),
        // Tasks are tests, so `--bench` alone asks for none of them. Cargo sends it for `cargo bench`.
        Row::new(bench.arg.hide(true), |matches, to, _| {
            to.run.bench = matches.get_flag("bench") && !matches.get_flag("test");
            Ok(())
        }),
        Row::new(unstable, |_, _, _| Ok(())),
    ]
}

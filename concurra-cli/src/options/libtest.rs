//! Options that only make sense to programs that think they start libtest.

use clap::{Arg, ArgMatches};

use super::table::flag;

pub(super) fn args() -> Vec<Arg> {
    vec![
        flag("test", "Run tests and not benchmarks").hide(true),
        flag("bench", "Run benchmarks instead of tests").hide(true),
        Arg::new("Z")
            .short('Z')
            .value_name("FLAG")
            .value_parser(["unstable-options"])
            .help("Allow what libtest calls unstable"),
    ]
}

/// Tasks are tests, so `--bench` alone asks for none of them. Cargo sends it for `cargo bench`.
pub(super) fn only_benches(matches: &ArgMatches) -> bool {
    matches.get_flag("bench") && !matches.get_flag("test")
}

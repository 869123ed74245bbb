//! Options that programs send which take the binary for a test of libtest.

use super::table::{Row, choice, flag};

pub(super) fn rows() -> Vec<Row> {
    vec![
        // Tasks are tests, so `--bench` alone asks for none of them. Cargo sends it for `cargo bench`.
        flag("bench", "Run benchmarks instead of tests", |to| to.run.bench = true)
            .with(|arg| arg.hide(true)),
        flag("test", "Run tests and not benchmarks", |to| to.run.bench = false)
            .with(|arg| arg.hide(true)),
        choice("Z", [("unstable-options", ())], "Allow libtest's unstable options", |_, ()| ())
            .with(|arg| arg.long(None::<&str>).short('Z').value_name("FLAG")),
    ]
}

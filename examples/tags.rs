//! Tags choose tasks; what those need is pulled in, unless you say otherwise.
//!
//! ```text
//! cargo run --bin mtrun -- examples/tags.rs --tags unit,lint          # either
//! cargo run --bin mtrun -- examples/tags.rs --tags test --tags slow   # both
//! cargo run --bin mtrun -- examples/tags.rs --tags 'test&!slow'       # one without the other
//! cargo run --bin mtrun -- examples/tags.rs --tags release --dry-run  # all that it needs
//! cargo run --bin mtrun -- examples/tags.rs --tags release --no-deps  # nothing else
//! cargo run --bin mtrun -- examples/tags.rs --tags tset               # refused, with the nearest
//! ```

use concurra::task;

#[task(tags = ["build"])]
fn compile() {}

#[task(tags = ["lint"])]
fn format() {}

#[task(after = ["compile"], tags = ["test", "unit"])]
fn unit_tests() {}

#[task(after = ["compile"], tags = ["test", "slow"])]
fn end_to_end_tests() {}

#[task(after = ["unit_tests", "end_to_end_tests", "format"], tags = ["release"])]
fn package() {}

/// Nobody wants this by chance: it runs with `--ignored`, or as `examples/tags.rs::publish`.
#[task(after = ["package"], tags = ["release"], ignore = "it would reach customers")]
fn publish() {}

concurra::main!();

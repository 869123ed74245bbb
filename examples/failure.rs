//! A task fails: what depends on it is skipped, everything else runs.
//!
//! ```text
//! cargo run --bin mtrun -- examples/failure.rs
//! cargo run --bin mtrun -- examples/failure.rs --run-dependents      # test_f runs nevertheless
//! cargo run --bin mtrun -- examples/failure.rs --fail-fast           # nothing more starts
//! cargo run --bin mtrun -- examples/failure.rs --result-test_d=null  # as if test_d had passed
//! cargo run --example failure                                        # the same without mtrun
//! ```

use concurra::task;

#[task]
fn test_a() {}

#[task(after = ["test_a"])]
fn test_b() {}

#[task(after = ["test_a"])]
fn test_c() {}

#[task(after = ["test_c"])]
fn test_d() {
    assert_eq!(1 + 1, 3, "arithmetic has changed");
}

#[task(after = ["test_c"])]
fn test_e() {}

#[task(after = ["test_b", "test_d"])]
fn test_f() {}

concurra::main!();

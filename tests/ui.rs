//! What the compiler says of wrong declarations, and that right ones compile.

// Most cases of `main!` need the runner.
#![cfg(feature = "cli")]

#[test]
fn declarations() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}

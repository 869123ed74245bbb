use concurra::{State, setup, task};

#[task]
fn generic<T: Default, const N: usize>() {}

#[task]
fn generic_parameter(_: impl AsRef<State>) {}

#[task]
async fn later() {}

#[setup]
async fn later_hook() {}

#[task]
unsafe fn unsound() {}

#[task]
extern "C" fn foreign() {}

#[task]
unsafe extern "C" fn variadic(_: ...) {}

#[task]
#[test]
fn tested() {}

fn main() {}

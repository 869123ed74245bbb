use std::sync::Arc;

use concurra::{State, setup, task};

#[task(with_state)]
fn value(_state: State) {}

#[task]
fn several(_state: &State, _rows: &Vec<u32>, _count: Arc<usize>) {}

#[setup]
fn mutable(_state: &mut State) {}

fn main() {}

use concurra::{setup, teardown};

#[setup(after = ["load"], with_state)]
fn begin() {}

#[teardown(tags = ["x"], crat = concurra)]
fn end() {}

fn main() {}

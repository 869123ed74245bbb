use concurra::task;
use std::prelude::v1::test as unit;

#[task]
#[unit]
#[inline]
fn removed() {}

fn main() {}

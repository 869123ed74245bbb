use concurra::task;

#[task(after = "load", tags = slow)]
fn single() {}

#[task(after("load"), tags)]
fn listed() {}

#[task(after = ["load" "seed"], tags = [1])]
fn elements() {}

#[task(after = db::migrate)]
fn path() {}

#[task(ignore, with_state = true)]
fn flags() {}

#[task(ignore = 3, crate = "conc")]
fn values() {}

#[task(after = )]
fn no_value() {}

fn main() {}

use concurra as again;
use concurra::{setup, task};

#[task(tags = ["a"], tags = ["b"], tags = "c")]
fn option() {}

#[task(retries = 1, timeout = "5s", secret, timeout = "6s", secret, retries = 1)]
fn options() {}

#[task]
#[task]
fn attribute() {}

#[task]
#[concurra::setup]
fn task_and_setup() {}

#[setup]
#[task]
#[concurra::teardown]
fn all_three() {}

#[again::task(crate = again)]
#[again::teardown(crate = again)]
fn renamed() {}

#[task(after = ["load", "load"], tags = ["x", "x"])]
fn names() {}

fn main() {
    attribute();
}

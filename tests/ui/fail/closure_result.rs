use std::hash::RandomState;

use concurra::Runner;

struct Receipt;

fn main() {
    let mut runner = Runner::new();
    runner.add("own", || Receipt);
    runner.add("foreign", RandomState::new);
    runner.add("boxed", || Box::new(RandomState::new()));
    runner.add("listed", || vec![Receipt]);
}

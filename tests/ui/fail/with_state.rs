use concurra::task;

#[task(with_state, after = ["load"])]
fn seed() {}

fn main() {}

use concurra::task;

#[task(isolate = true, secret = "yes", with_state = true)]
fn values(_: &concurra::State) {}

#[task(isolate = false, secret(false))]
fn denied() {}

fn main() {}

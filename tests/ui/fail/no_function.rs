use concurra::{setup, task, teardown};

#[task]
struct Structure;

#[task]
mod module {}

struct Type;

#[setup]
impl Type {}

#[teardown]
const CONSTANT: u8 = 1;

trait Trait {
    #[task]
    fn without_body();
}

fn main() {}

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

#[task]
type Alias = fn();

#[task]
static FUNCTION: fn() = main;

trait Trait {
    #[task]
    fn without_body();
}

fn main() {}

use std::cell::Cell;
use std::rc::Rc;

use concurra::Runner;

struct Trouble;

fn main() {
    let mut runner = Runner::new();
    runner.add("no error", || Err::<u8, _>(Trouble));
    runner.add("shared", || Rc::new(1));
    runner.add("inside", || Ok::<_, String>(Cell::new(1)));
}

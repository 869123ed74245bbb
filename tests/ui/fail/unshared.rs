use std::cell::Cell;
use std::rc::Rc;

use concurra::task;

#[task]
fn not_send() -> Rc<u8> {
    Rc::new(1)
}

#[task]
fn not_sync() -> Result<Cell<u8>, String> {
    Ok(Cell::new(1))
}

fn main() {}

use concurra::task;

#[task(after = [""], tags = ["", " "], ignore = "")]
fn empty() {}

#[task(tags = ["a,b", "!slow"])]
fn operators() {}

fn main() {}

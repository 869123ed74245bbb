use concurra::task;

#[task(after = [""], tags = ["", " "], ignore = "")]
fn empty() {}

#[task(tags = ["a,b", "!slow"])]
fn operators() {}

#[task(after = [" load", "load\t"], tags = ["slow ", "a\nb", "\u{a0}x"])]
fn blanks() {}

#[task(tags = ["one tag of several words", "a-b:c/d"])]
fn words() {}

fn main() {}

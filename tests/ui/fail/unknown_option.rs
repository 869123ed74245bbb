use concurra::task;

#[task(aftre = ["load"])]
fn near() {}

#[task(timeuot = "5s", retry = 2, secrets)]
fn nearly() {}

#[task(priority = 3, tag = ["x"])]
fn far() {}

#[task(= 3, "load")]
fn no_name() {}

fn main() {}

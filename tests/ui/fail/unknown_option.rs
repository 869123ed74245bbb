use concurra::task;

#[task(aftre = ["load"])]
fn near() {}

#[task(priority = 3, tag = ["x"])]
fn far() {}

#[task(= 3, "load")]
fn no_name() {}

fn main() {}

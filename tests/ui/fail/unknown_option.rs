use concurra::task;

#[task(aftre = ["load"])]
fn near() {}

#[task(timeuot = "5s", retry = 2, secrets)]
fn nearly() {}

#[task(priority = 3, tag = ["x"])]
fn far() {}

#[task(= 3, "load")]
fn no_name() {}

#[task(depends_on = ["load"], retry = 3, should_panic, name = "load")]
fn as_others_name_them() {}

#[task(after = ["load"] tags = ["slow"] isolate)]
fn without_commas() {}

#[task(retries = 2 timeout = "5s")]
fn without_a_comma() {}

fn main() {}

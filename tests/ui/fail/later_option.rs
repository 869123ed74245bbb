use concurra::task;

#[task(reusable, group = "db")]
fn later() {}

#[task(reusabel)]
fn nearly() {}

#[task(after = [first, db::migrate, "second"])]
fn paths() {}

fn main() {}

use concurra::task;

#[task(serial = "db", always, reusable)]
fn later() {}

#[task(alwasy)]
fn nearly() {}

#[task(after = [first, db::migrate, "second"])]
fn paths() {}

fn main() {}

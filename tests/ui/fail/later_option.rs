use concurra::task;

#[task(retries = 2, timeout = "5s", backoff = "1s", isolate, secret)]
fn first() {}

#[task(serial = "db", always, reusable)]
fn second() {}

#[task(timeuot = 2)]
fn nearly() {}

#[task(after = [first, db::migrate, "second"])]
fn third() {}

fn main() {}

use concurra::task;

#[task(serial = db)]
fn without_quotes() {}

#[task(serial = ["db", "disk"])]
fn several() {}

#[task(serial("db"))]
fn as_a_call() {}

#[task(serial = " ")]
fn blank() {}

#[task(serial = "db ")]
fn blank_at_the_end() {}

#[task(serial = "db", serial)]
fn twice() {}

#[task(always = true)]
fn always_with_a_value() {}

#[task(always = "yes", alone)]
fn always_with_a_text() {}

fn main() {}

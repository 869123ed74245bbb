use concurra::task;

#[task(timeout = 5, backoff = 100)]
fn numbers() {}

#[task(timeout = 5s, backoff = 15)]
fn without_quotes() {}

#[task(timeout, backoff(5))]
fn no_values() {}

#[task(timeout = std::time::Duration::from_secs(5))]
fn expression() {}

#[task(timeout = "5", backoff = "")]
fn no_units() {}

#[task(timeout = "5 parsecs", backoff = "1m, 30s")]
fn unreadable() {}

#[task(timeout = "-5s", backoff = "1,5s")]
fn neither_negative_nor_with_a_comma() {}

#[task(timeout = "99999999999999999999s")]
fn too_long() {}

#[task(timeout = "0s", backoff = "0s")]
fn no_time() {}

macro_rules! declare {
    ($name:ident, $limit:literal) => {
        #[task(timeout = $limit)]
        fn $name() {}
    };
}

declare!(declared, "1x");

fn main() {}

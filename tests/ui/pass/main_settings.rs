use concurra::task;

#[task]
fn only() {}

const WORKERS: usize = 2;

concurra::main!(
    workers = WORKERS + 1,
    nextest = "task",
    timeout = "1m 30s",
    retries = 2,
    secret = ["token", "password"],
);

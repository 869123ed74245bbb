use concurra::task;

#[task]
fn only() {}

const WORKERS: usize = 2;

concurra::main!(workers = WORKERS + 1, nextest = "task",);

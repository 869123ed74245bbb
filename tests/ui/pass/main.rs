use concurra::task;

#[task]
fn only() {}

concurra::main!();

use concurra::task;

#[task(after = ["load"])]
fn load() {}

#[task(after = ["self::seed"])]
fn seed() {}

#[task(after = ["match"])]
fn r#match() {}

fn main() {}

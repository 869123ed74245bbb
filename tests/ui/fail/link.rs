concurra::link!("my_tasks");
concurra::link!(my_missing_tasks);

fn main() {}

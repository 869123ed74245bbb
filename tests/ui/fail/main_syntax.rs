concurra::main!(workers: 8);

fn main() {}

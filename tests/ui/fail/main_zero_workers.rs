concurra::main!(workers = 0);

concurra::main!(wokers = 8);

concurra::main!(workers = 8, nextest = "file");

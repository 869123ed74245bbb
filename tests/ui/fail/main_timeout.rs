concurra::main!(timeout = "soon");

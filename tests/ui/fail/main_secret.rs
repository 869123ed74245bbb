concurra::main!(secret = ["token", " key"]);

concurra::main!();

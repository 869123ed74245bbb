mod scratch {
    #[concurra::task]
    fn load() {}
}

concurra::main!(@hidden "scratch", workers = 1);

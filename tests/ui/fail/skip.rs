use concurra::task;

#[task]
fn skips() {
    concurra::skip!()
}

fn main() {}

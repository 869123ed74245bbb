use concurra::task;

struct Orders;

impl Orders {
    #[task]
    fn receive() {}
}

fn main() {}

use concurra::task;

struct Orders;

impl Orders {
    #[task]
    fn receive(&self) {}

    #[task]
    fn pay(self: Box<Self>) {}
}

fn main() {}

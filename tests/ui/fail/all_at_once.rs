use concurra::task;

#[task(after = "load", tagz = ["x"], retries = -1, timeout = "soon", with_state)]
async fn wrong<T>() -> impl Sized {}

fn main() {
    wrong::<u8>();
}

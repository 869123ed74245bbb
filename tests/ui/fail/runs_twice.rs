use concurra::Runner;

fn main() {
    let mut runner = Runner::new();
    runner.add("once", || ());
    let _ = runner.run();
    let _ = runner.run();
    let mut other = Runner::new();
    let running = other.start();
    other.add("late", || ());
    drop(running);
}

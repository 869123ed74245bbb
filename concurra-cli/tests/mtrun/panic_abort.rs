//! Programs that cannot unwind.

use crate::support::{Fresh, Ran};

const TASKS: &str = r#"
use concurra::{skip, task};

#[task(tags = ["skips"])]
fn skips() {
    skip!("no board\nhere");
}

#[task(tags = ["panics"])]
fn panics() {
    panic!("boom");
}

#[task(tags = ["expected"])]
#[should_panic]
fn expected() {
    panic!("boom");
}

#[task(tags = ["isolated"], isolate)]
fn isolated() {
    panic!("boom");
}

concurra::main!();
"#;

#[test]
fn what_needs_unwinding_says_so() {
    let package = Fresh::package("aborts", "[profile.dev]\npanic = \"abort\"\n");
    package.write("src/lib.rs", "");
    package.write("examples/tasks.rs", TASKS);
    let run =
        |tag: &str| -> Ran { package.mtrun(&["examples/tasks.rs", "--tags", tag]).exits(100) };
    let death = |task: &str| format!("its process was killed by SIGABRT while running: {task}\n");
    run("skips")
        .complains(r#"error: skip!("no board\nhere") ends the process, as the program is built "#)
        .complains(&death("skips"));
    run("panics")
        .complains("examples/tasks.rs:11:5")
        .complains("boom")
        .complains(
            "note: a panic ends the process, as the program is built with `panic = \"abort\"`",
        )
        .complains(&death("panics"));
    run("expected").prints(&["`#[should_panic]` needs a panic that unwinds, but the program is"]);
    run("isolated").prints(&["---- FAIL isolated ----", "SIGABRT", "stderr:", "boom"]);
}

//! Every example runs and says what its header promises.

use std::collections::BTreeSet;
use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of an example came to.
struct Ran {
    command: String,
    code: Option<i32>,
    out: String,
    err: String,
}

/// Examples stand beside the folder of test executables.
fn folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test has an executable");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    profile.join("examples")
}

fn run(example: &str, arguments: &[&str]) -> Ran {
    let program = folder().join(format!("{example}{EXE_SUFFIX}"));
    let advice =
        "`cargo test` builds it, `cargo test --test examples` needs `cargo build --examples`";
    assert!(program.is_file(), "{} is missing; {advice}", program.display());
    let mut command = Command::new(program);
    // What is set for this test must not speak to the example: it would take itself for a test of
    // nextest, or log, or show backtraces.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["NEXTEST", "CONCURRA", "RUST_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    let output = command.args(arguments).output().expect("the example starts");
    Ran {
        command: format!("{example} {}", arguments.join(" ")),
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Ran {
    fn all(&self) -> String {
        format!("`{}`: {:?}\n{}{}", self.command, self.code, self.out, self.err)
    }

    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.all());
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        let said = self.out.contains(text) || self.err.contains(text);
        assert!(said, "{text:?} is not said by {}", self.all());
        self
    }

    /// Checks which tasks passed, in whatever order.
    #[track_caller]
    fn passes(self, tasks: &[&str]) -> Self {
        let passed = |line| str::strip_prefix(line, "test ")?.strip_suffix(" ... ok");
        let passed: BTreeSet<&str> = self.out.lines().filter_map(passed).collect();
        assert_eq!(passed, tasks.iter().copied().collect(), "{}", self.all());
        self
    }

    #[track_caller]
    fn counts(self, passed: usize, failed: usize, filtered: usize) -> Self {
        let text = format!("{passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} ");
        self.says(&text)
    }
}

#[test]
fn every_example_is_tested() {
    let here = std::fs::read_to_string(file!()).expect("this file is readable");
    for entry in std::fs::read_dir("examples").expect("there are examples") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().expect("a file has a name").to_string_lossy();
            assert!(here.contains(&format!("run(\"{name}\", ")), "{name} is not run here");
        }
    }
}

#[test]
fn basic() {
    for workers in ["1", "2", "8"] {
        let ran = run("basic", &["--workers", workers]).exits(0).says("the house took 80 bricks");
        ran.passes(&["foundation", "north_wall", "south_wall", "roof"]);
    }
    run("basic", &["wall"]).exits(0).passes(&["foundation", "north_wall", "south_wall"]);
}

#[test]
fn state() {
    for workers in ["1", "2", "8"] {
        run("state", &["--workers", workers]).exits(0).says("4 hits, keys: credit, debit, hits");
    }
    run("state", &["--visits=3"]).exits(0).says("6 hits");
    run("state", &["--visits=three"]).exits(101).says("\"visits\" is \"three\"").says("not a u32");
}

#[test]
fn tags() {
    let passes = |arguments: &[&str], tasks: &[&str]| {
        drop(run("tags", arguments).exits(0).passes(tasks));
    };
    passes(&["--tags", "unit,lint"], &["compile", "format", "unit_tests"]);
    passes(&["--tags", "test", "--tags", "slow"], &["compile", "end_to_end_tests"]);
    passes(&["--tags", "test&!slow"], &["compile", "unit_tests"]);
    passes(&["--tags", "release", "--no-deps"], &["package"]);
    run("tags", &["--tags", "release", "--dry-run"]).exits(0).says("4 dependencies pulled in");
    run("tags", &["--tags", "tset"]).exits(101).says("did you mean `test`");
    run("tags", &[]).exits(0).says("publish ... ignored, it would reach customers");
    run("tags", &["--ignored"]).exits(0).counts(6, 0, 0);
}

#[test]
fn failure() {
    let ran = run("failure", &[]).exits(101).passes(&["test_a", "test_b", "test_c", "test_e"]);
    ran.says("arithmetic has changed").says("skipped: test_d failed").counts(4, 2, 0);
    let all_but_one = ["test_a", "test_b", "test_c", "test_e", "test_f"];
    run("failure", &["--run-dependents"]).exits(101).passes(&all_but_one).counts(5, 1, 0);
    run("failure", &["--result-test_d=null"]).exits(0).passes(&all_but_one);
}

#[test]
fn single() {
    run("single", &[]).exits(0).passes(&["order", "pay", "ship"]);
    let ran = run("single", &["--exact", "ship", "--result-pay=ok"]).exits(0);
    ran.passes(&["ship"]).says("shipped, as the payment is ok");
    let ran = run("single", &["--exact", "pay", "--result-order=[\"pen\", \"ink\"]"]).exits(0);
    ran.passes(&["pay"]).says("pen and ink paid");
    run("single", &["--exact", "ship", "--result-pay=late"]).exits(101).says("is \"late\"");
    run("single", &["--result-pya=ok"]).exits(101).says("pay");
}

/// `--task` is how `mtrun` asks for `examples/single.rs::ship`.
#[test]
fn single_task() {
    let ran = run("single", &["--task", "ship", "--result-pay=ok"]).exits(0);
    ran.passes(&["ship"]).says("shipped, as the payment is ok");
    run("single", &["--task", "ship", "--with-deps"]).exits(0).passes(&["order", "pay", "ship"]);
    run("single", &["--task", "ship"]).exits(101).passes(&[]).says("\"pay\"");
}

#[test]
fn callbacks() {
    let ran = run("callbacks", &[]).exits(0).says("all primes are counted");
    ran.says("goodbye | closure          | passed").says("4 passed").says("the ratio is 3.50");
}

#[test]
fn closures() {
    run("closures", &[]).exits(0).says("the sum of squares is 14");
    let ran = run("closures", &["3", "4", "x"]).exits(1).says("failed: part-2\n  invalid digit");
    ran.says("2 passed, 1 failed, 1 skipped");
}

#[test]
fn pipeline() {
    run("pipeline", &[])
        .exits(0)
        .says("passed (flaky 3/5)")
        .says("release: 7 passed, 1 flaky")
        .says("RELEASED 1.2.0");
}

#[test]
fn order_service() {
    for workers in ["1", "2", "8"] {
        let ran = run("order_service", &["--orders=5", "--workers", workers]);
        ran.exits(0).counts(40, 0, 0).says("test audit::sign_off ... ok");
    }
    let sizes = ["--orders=1", "--customers=1", "--products=1", "--clients=8"];
    run("order_service", &sizes).exits(0).counts(40, 0, 0);
}

#[test]
fn order_service_shows_its_plan() {
    let list = run("order_service", &["--list"]).exits(0).says("orders::place: test");
    list.says("40 tests, 0 benchmarks").passes(&[]);
    let graph = run("order_service", &["--graph"]).exits(0).passes(&[]);
    graph.says("tasks          40").says("roots          1").says("database::create -> ");
}

#[test]
fn order_service_by_tag() {
    let ran = run("order_service", &["--orders=5", "--tags", "shipping"]).exits(0);
    ran.counts(14, 0, 26).says("test shipping::confirm ... ok");
    let ran = run("order_service", &["--orders=5", "--tags", "refusal&race"]).exits(0);
    ran.says("test payments::refuse_double_payment ... ok");
}

#[test]
fn order_service_logs() {
    let ran = run("order_service", &["--orders=5", "--log"]).exits(0);
    ran.says("orders::place: ").says("5 orders by 4 clients").says("the server has stopped");
}

#[test]
fn order_service_refuses_parameters() {
    for (orders, why) in [("abc", "invalid digit"), ("0", "zero")] {
        let ran = run("order_service", &[&format!("--orders={orders}")]).exits(101);
        ran.passes(&[]).says(&format!("\"orders\" is \"{orders}\"")).says(why);
    }
}

/// The report has the reason of a failure, and the teardown still stops the server and removes the folder.
#[test]
fn order_service_cleans_up_after_failures() {
    let ran = run("order_service", &["--orders=20", "--pieces=1", "--log"]).exits(101);
    let ran = ran.says("out of stock").says("the server has stopped");
    let folder = ran.err.lines().find_map(|line| line.split_once("the database is in "));
    let (_, folder) = folder.expect("the log names the folder");
    assert!(!Path::new(folder).exists(), "{folder} is left behind");
}

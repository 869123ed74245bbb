//! Output that is longer than what reports and memory keep.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, process};

use concurra_core::{CommandOutput, Outcome, Report, Runner, State};

/// A folder that the end of the test removes.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        Self(env::temp_dir().join(format!("concurra-captured-{test}-{}", process::id())))
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn run(runner: Runner) -> Report {
    runner.run().expect("a plan")
}

const MIB: usize = 1024 * 1024;

/// `seq` writes this up to that number.
fn numbers(last: usize) -> String {
    (1..=last).map(|number| format!("{number}\n")).collect()
}

#[test]
fn a_report_has_a_mebibyte_and_the_result_of_a_command_has_all() {
    let folder = Folder::new("default");
    for workers in [1, 2, 8] {
        let mut runner = Runner::new().workers(workers).output_dir(&folder.0);
        runner.shell("long out", "seq 500000");
        runner.shell("long::err", "seq 500000 >&2; echo short; exit 3");
        runner.shell("short", "seq 100000");
        let report = run(runner);
        let whole = numbers(500_000);
        let result = |name: &str| report[name].result::<CommandOutput>().expect("a command");
        assert_eq!(result("long out").stdout.as_str(), whole);
        assert_eq!(result("long::err").stderr.as_str(), whole);
        assert_eq!(result("long::err").stdout.as_str(), "short\n");
        assert_eq!(report["short"].output().expect("it writes").stdout, numbers(100_000));

        assert_eq!(folder.files(), ["long-out-1.stdout", "long.err-1.stderr"]);
        assert_eq!(folder.read("long-out-1.stdout"), whole.as_bytes());
        assert_eq!(folder.read("long.err-1.stderr"), whole.as_bytes());

        let shown = report["long out"].output().expect("it writes").stdout;
        let lines: Vec<&str> = shown.lines().filter(|line| line.contains("left out")).collect();
        let left_out = whole.len() - (shown.len() - lines[0].len() - 1);
        let path = folder.0.join("long-out-1.stdout");
        let line = format!("… {left_out} bytes are left out; the whole is in {}", path.display());
        assert_eq!(lines, [line]);
        assert!(shown.starts_with("1\n2\n") && shown.ends_with("\n500000\n"));
        assert!(shown.len() <= MIB + lines[0].len() + 1 && shown.len() > MIB - 100);

        let json = report.to_json();
        assert_eq!(json["tasks"][0]["result"]["stdout"], shown);
        assert_eq!(json["tasks"][0]["output"]["stdout"], shown);
        assert!(json.to_string().len() < 10 * MIB);
        assert!(report["long::err"].failure().expect("failed").message.ends_with("\n500000"));
        fs::remove_dir_all(&folder.0).expect("it is there");
    }
}

#[test]
fn a_limit_holds_for_the_result_too() {
    let folder = Folder::new("limit");
    let mut runner = Runner::new().capture_limit(1000).output_dir(&folder.0);
    runner.shell("run's", "seq 10000").retries(1);
    runner.shell("own", "seq 10000").capture_limit(100).text(false);
    runner.shell("none", "seq 500000").capture_limit(0);
    let report = run(runner);
    let stdout = |name: &str| {
        let output = report[name].result::<CommandOutput>().expect("a command");
        String::from_utf8(output.stdout.as_bytes().to_vec()).expect("text")
    };
    for (name, limit) in [("run's", 1000), ("own", 100)] {
        let text = stdout(name);
        let (head, rest) = text.split_once("… ").expect("a line");
        let (_, tail) = rest.split_once('\n').expect("its end");
        assert!(head.starts_with("1\n2\n") && tail.ends_with("\n10000\n"), "{text}");
        assert!(head.len() + tail.len() <= limit && head.len() + tail.len() > limit - 20);
        assert_eq!(report[name].output().expect("it writes").stdout, text);
    }
    assert_eq!(stdout("none"), numbers(500_000));
    assert_eq!(report["none"].output().expect("it writes").stdout, numbers(500_000));
    assert_eq!(folder.files(), ["own-1.stdout", "run-s-1.stdout"]);
}

#[test]
fn each_attempt_has_its_file() {
    let folder = Folder::new("attempts");
    let mut runner = Runner::new().capture_limit(10).output_dir(&folder.0).retries(1);
    runner.shell("fails", "seq 100; exit 1");
    let report = run(runner);
    assert_eq!(report["fails"].outcome(), Outcome::Failed);
    assert_eq!(folder.files(), ["fails-1.stdout", "fails-2.stdout"]);
    for (attempt, number) in report["fails"].attempt_records().iter().zip(1..) {
        let text = &attempt.output.as_ref().expect("it writes").stdout;
        assert!(text.contains(&format!("/fails-{number}.stdout\n")), "{text}");
    }
}

#[test]
fn secrets_are_in_no_part_and_in_no_file() {
    let folder = Folder::new("secrets");
    let params = [("token".to_owned(), "swordfish".to_owned())].into();
    let mut runner = Runner::new().state(State::with_params(params)).secret_params(["token"]);
    runner = runner.capture_limit(1000).output_dir(&folder.0);
    let line = |text: &str| format!("yes '{text}' | head -n 1000 | tr '\\n' ' '");
    runner.shell("param", line("swordfish"));
    runner.shell("variable", line("$WORD").replace('\'', "\"")).secret_env("WORD", "hush-hush");
    runner.shell("secret", "head -c 10000 /dev/zero | tr '\\0' q").secret();
    let report = run(runner);
    assert_eq!(folder.files(), ["param-1.stdout", "variable-1.stdout"]);
    for file in folder.files() {
        assert_eq!(String::from_utf8_lossy(&folder.read(&file)), "*** ".repeat(1000));
    }
    let json = report.to_json().to_string();
    for part in ["swo", "fish", "hush", "qq"] {
        assert!(!json.contains(part), "{part} in {json}");
    }
}

const INSIDE: &str = "CONCURRA_TEST_FOLDER";

#[test]
fn endless_output_does_not_fill_the_memory() {
    let test = "endless_output_does_not_fill_the_memory";
    let Some(inside) = env::var_os(INSIDE) else {
        let folder = Folder::new("memory");
        let mut again = Command::new(env::current_exe().expect("a path"));
        let output = again.args([test, "--exact", "--nocapture"]).env(INSIDE, &folder.0).output();
        let output = output.expect("this test runs again");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return;
    };
    let most = || {
        let status = fs::read_to_string("/proc/self/status").expect("procfs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a figure");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
    };
    let before = most();
    let mut runner = Runner::new().workers(2).output_dir(inside).capture_limit(MIB);
    runner.shell("out", "yes | head -c 100000000");
    runner.shell("err", "yes | head -c 100000000 >&2");
    let report = run(runner);
    assert!(report.is_good(), "{report}");
    drop(report.to_json().to_string());
    let grown = most() - before;
    assert!(grown < 50_000_000, "{grown} bytes more");
}

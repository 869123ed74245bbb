//! A secret is shown nowhere, wherever else on the command line its value stands.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use crate::support::{Fresh, Ran};

/// Secrets, each with a part by which it is known also where it is quoted or cut.
const SECRETS: [(&str, &str); 4] = [
    ("hunter2hunter2", "nter2"),
    (r#"pa"ss\word99"#, "word99"),
    ("it's ge`heim-ü", "heim"),
    ("-----BEGIN-----\nMIIEvQIBADAN\n-----END-----", "MIIEv"),
];

const TASKS: &str = r#"
use concurra::{State, task};

#[task(secret)]
fn login() -> String {
    "real-login".to_owned()
}

#[task(tags = ["plain"])]
fn number() -> i64 {
    1
}

#[task(tags = ["plain"])]
fn names() -> Vec<String> {
    Vec::new()
}

#[task(after = ["login", "number", "names"], with_state)]
fn pay(state: &State) -> Result<(), String> {
    Err(format!("saw: {:?} {:?}", state.param("token"), state.result::<String>("login")))
}

concurra::main!(secret = ["token"]);
"#;

/// The options for the secret parameter, or for a mock of the secret task.
const SECRET_OPTIONS: &[&[&str]] = &[
    &["--token=SECRET"],
    &["--set", "token=SECRET"],
    &["--set=token=@env:TOKEN"],
    &["--params-file=NUMBER.json"],
    &["--result-login=SECRET"],
    &["--result", "login=QUOTED"],
    &["--result-login=@NUMBER.txt"],
];

/// Where its value may stand as well.
const PLACES: &[&[&str]] = &[
    &["--result-number=SECRET"],
    &["--result-number=QUOTED"],
    &["--result-number={\"key\": [QUOTED]}"],
    &["--result-number=0123456789012345678901234567890123456789012345678901SECRET"],
    &["--result", "names=SECRET"],
    &["--result", "names=[QUOTED]"],
    &["--result-pay=SECRET"],
    &["--result-SECRET=1"],
    &["--result-number=@/none/SECRET"],
    &["--result-number=@NUMBER.txt"],
    &["--tags=SECRET"],
    &["--tags", "plain&!SECRET"],
    &["--tags=(SECRET"],
    &["--exclude-tags=SECRET"],
    &["--skip=SECRET"],
    &["SECRET"],
    &["SECRET", "--exact"],
    &["--", "SECRET"],
    &["tests/paying.rs::SECRET"],
    &["tests/SECRET.rs"],
    &["-p", "SECRET"],
    &["--workspace", "--exclude=SECRET"],
    &["--exclude=SECRET"],
    &["--manifest-path=/none/SECRET"],
    &["--workers=SECRET"],
    &["-wSECRET"],
    &["--retries=SECRET"],
    &["--max-fail", "SECRET"],
    &["--timeout=SECRET"],
    &["--flaky-result=SECRET"],
    &["--format=SECRET"],
    &["--color=SECRET"],
    &["--graph=SECRET"],
    &["-Z", "SECRET"],
    &["--isolate=SECRET"],
    &["--report=SECRET"],
    &["--report=junit=SECRET"],
    &["--report=json=/none/SECRET"],
    &["--log-dir=/dev/null/SECRET"],
    &["--params-file=/none/SECRET"],
    &["--params-file=SECRET.json"],
    &["--set", "SECRET"],
    &["--set", "SECRET=1"],
    &["--set=other=SECRET"],
    &["--set=other=@env:SECRET"],
    &["--other=SECRET"],
    &["--SECRET=1"],
    &["--SECRET"],
    &["--1=SECRET"],
    &["--worker=SECRET"],
    &["--later", "SECRET"],
    &["--run-timeout=1h", "--slow=SECRET"],
];

/// Options that choose the output.
const MODES: &[&[&str]] = &[
    &[],
    &["-q"],
    &["--list"],
    &["--dry-run"],
    &["--graph"],
    &["--graph=json"],
    &["--format=json", "-Zunstable-options"],
    &["--report=json=-"],
    &["--log"],
    &["--run-dependents", "--nocapture"],
    &["tests/paying.rs::pay"],
    &["tests/other.rs"],
];

static PACKAGE: LazyLock<Fresh> = LazyLock::new(|| {
    let targets =
        ["paying", "other"].map(|name| format!("\n[[test]]\nname = \"{name}\"\nharness = false\n"));
    let package = Fresh::package("secrets", &targets.concat());
    package.write("src/lib.rs", "");
    package.write("tests/paying.rs", TASKS);
    package.write("tests/other.rs", TASKS);
    for (number, (secret, _)) in SECRETS.iter().enumerate() {
        package.write(&format!("{number}.json"), &format!(r#"{{"token": {secret:?}}}"#));
        package.write(&format!("{number}.txt"), secret);
    }
    package.mtrun(&["paying", "other", "--list"]).exits(0);
    package
});

/// Runs it; the secret must be neither in the output nor in the errors.
#[track_caller]
fn run(command: &mut Command, number: usize) {
    let (secret, part) = SECRETS[number];
    let ran = Ran::of(command.env("TOKEN", secret));
    let shown = [&ran.out, &ran.err].map(|text| text.contains(part));
    assert_eq!(shown, [false; 2], "{command:?}\nout:\n{}\nerr:\n{}", ran.out, ran.err);
    // A panic would show that something is not understood.
    assert!(!ran.err.contains("panicked at"), "{command:?}\n{}", ran.err);
}

fn filled(parts: &[&[&str]], number: usize) -> Vec<String> {
    let (secret, place) = (SECRETS[number].0, number.to_string());
    let filled = |word: &&str| {
        word.replace("QUOTED", &format!("{secret:?}"))
            .replace("SECRET", secret)
            .replace("NUMBER", &place)
    };
    parts.concat().iter().map(filled).collect()
}

/// Numbers that look random, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn one<'a>(&mut self, of: &'a [&'a [&'a str]]) -> &'a [&'a str] {
        of[self.below(of.len())]
    }
}

#[test]
fn in_any_option() {
    let mut numbers = Numbers(7);
    for place in PLACES {
        for number in 0..SECRETS.len() {
            let option = numbers.one(SECRET_OPTIONS);
            let call = filled(&[&["tests/paying.rs"], option, place], number);
            run(PACKAGE.command(&[]).args(call), number);
        }
    }
    for _ in 0..200 {
        let number = numbers.below(SECRETS.len());
        let (option, mode) = (numbers.one(SECRET_OPTIONS), numbers.one(MODES));
        let mut parts = vec![&["tests/paying.rs"][..], mode, option];
        parts.extend((0..numbers.below(4)).map(|_| numbers.one(PLACES)));
        let last = parts.len() - 1;
        parts.swap(numbers.below(last) + 1, last);
        // After a second `--` each word is a filter, and the call sets no parameter.
        parts.sort_by_key(|part| part.first() == Some(&"--"));
        run(PACKAGE.command(&[]).args(filled(&parts, number)), number);
    }
}

#[test]
fn in_a_binary_by_itself() {
    let folder = PACKAGE.folder();
    let deps = crate::support::scratch_folder().join("fixtures/debug/deps");
    let entries = fs::read_dir(deps).expect("a folder").flatten().map(|entry| entry.path());
    let is_ours = |path: &std::path::PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("paying-") && path.extension().is_none()
    };
    let binary = entries
        .filter(is_ours)
        .max_by_key(|path| fs::metadata(path).and_then(|found| found.modified()).expect("a time"));
    let binary = binary.expect("it is built");
    let mut numbers = Numbers(11);
    for place in PLACES.iter().filter(|place| !place[0].starts_with("-p")) {
        for nextest in [false, true] {
            let number = numbers.below(SECRETS.len());
            let (option, mode) = (numbers.one(SECRET_OPTIONS), numbers.one(&MODES[..10]));
            let mut command = Command::new(&binary);
            command.current_dir(folder).env("RUST_BACKTRACE", "0");
            command.args(filled(&[option, mode, place], number));
            if nextest {
                command.env("NEXTEST", "1").arg("--exact");
            }
            run(&mut command, number);
        }
    }
}

#[test]
fn in_variables() {
    for (variable, mode) in [("RUST_LOG", "--log"), ("RUST_TEST_THREADS", "-q")] {
        for (number, (secret, _)) in SECRETS.into_iter().enumerate() {
            let mut command = PACKAGE.command(&["tests/paying.rs", mode]);
            command.arg(format!("--token={secret}")).env(variable, format!("={secret}="));
            run(&mut command, number);
        }
    }
}

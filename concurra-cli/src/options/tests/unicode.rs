//! Arguments and variables that are not Unicode, and byte-order marks.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

fn parsed(args: &[&[u8]], around: &Surroundings<'_>) -> Result<MtrunOptions, String> {
    parse_mtrun(args.iter().map(|arg| bytes(arg)), around).map_err(|error| error.to_string())
}

#[test]
fn paths_keep_their_bytes_from_the_command_line_to_their_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = folder.path().join(OsStr::from_bytes(b"odd-\xff"));
    std::fs::create_dir(&base).expect("a folder");
    let file = |name: &[u8], text: &str| {
        std::fs::write(base.join(OsStr::from_bytes(name)), text).expect("a file");
    };
    file(b"p\xfe", r#"{"env": "file"}"#);
    file(b"r\xfe", "7\n");
    let around = Surroundings { base: &base, variable: &|_| None };
    let args: [&[u8]; 9] = [
        b"--log-dir",
        b"l\xfe",
        b"--params-file=p\xfe",
        b"--result-a=@r\xfe",
        b"--result",
        b"b=@r\xfe",
        b"--report=json=j\xfe",
        b"--target-dir=t\xfe",
        b"--manifest-path=m\xfe",
    ];
    let options = parsed(&args, &around).expect("paths");
    let path = |name: &[u8]| base.join(OsStr::from_bytes(name));
    assert_eq!(options.run.log.dir, Some(path(b"l\xfe")));
    assert_eq!(options.run.params["env"], "file");
    let seven = Some("7".to_owned());
    assert_eq!(options.run.mocks, [("a".to_owned(), seven.clone()), ("b".to_owned(), seven)]);
    assert_eq!(options.run.reports, [ReportTo { kind: "json", file: Some(path(b"j\xfe")) }]);
    assert_eq!(options.launch.cargo.manifest, Some(path(b"m\xfe")));
    let mut target_dir = OsString::from("--target-dir=");
    target_dir.push(path(b"t\xfe"));
    assert_eq!(options.launch.cargo.build, [target_dir]);
    // The binary reads the same.
    let passed = args_from_variable(Some(args_for_variable(&options.launch.passed).into()));
    let Ok(run) = parse_binary(passed.expect("a list"), &around) else { panic!("refused") };
    assert_eq!(run, options.run);
    assert_eq!(run.written[0].argument, bytes(b"--params-file=p\xfe"));
}

#[test]
fn values_other_than_paths_must_be_unicode() {
    let error = |args: &[&[u8]]| parsed(args, &around()).expect_err("not Unicode");
    assert_eq!(error(&[b"six\xff"]), "the argument `six\u{fffd}` is not valid Unicode");
    assert_eq!(error(&[b"--", b"six\xff"]), "the argument `six\u{fffd}` is not valid Unicode");
    assert_eq!(error(&[b"-w\xff"]), "`--workers` cannot be `\u{fffd}`: it is not valid Unicode");
    assert_eq!(error(&[b"--\xff=1"]), "the argument `--\u{fffd}` is not valid Unicode");
    let choices = ["--color", "--graph", "--format", "--flaky-result", "--no-tests"];
    for option in ["--tags", "--workers", "--features", "--package"].into_iter().chain(choices) {
        let argument = [option.as_bytes(), b"=hunter\xff"].concat();
        let wanted = format!("`{option}` cannot be `hunter\u{fffd}`: it is not valid Unicode");
        assert_eq!(error(&[&argument]), wanted);
    }
    assert_eq!(error(&[b"--token=hunter\xff"]), "the value of `--set token` is not valid Unicode");
    assert_eq!(error(&[b"--set", b"a=\xff"]), "the value of `--set a` is not valid Unicode");
    assert_eq!(error(&[b"--result-a=\xff"]), "the value of `--result-a` is not valid Unicode");
    assert_eq!(error(&[b"--result", b"a=\xff"]), "the value of `--result-a` is not valid Unicode");
}

#[test]
fn variables_that_are_not_unicode_count_as_set() {
    let variable: &dyn Fn(&str) -> Option<OsString> = &|_| Some(bytes(b"\xff"));
    let around = Surroundings { base: Path::new("/base"), variable };
    let error = parsed(&[b"--set", b"token=@env:TOKEN", b"-w", b"1"], &around);
    let wanted = "the value of the environment variable `TOKEN` is not valid Unicode";
    let begin = "`--set token` cannot be `@env:TOKEN`: ";
    assert_eq!(error.expect_err("not Unicode"), format!("{begin}{wanted}"));
    let error = parsed(&[], &around).expect_err("not Unicode");
    assert_eq!(error, wanted.replace("TOKEN", "RUST_TEST_THREADS"));
    assert!(!ColorChoice::Auto.resolve(true, &around), "NO_COLOR is set");
}

#[test]
fn one_byte_order_mark_is_skipped() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("p.json", "\u{feff}{\"env\": \"dev\"}"), ("r", "\u{feff}\u{feff}7\r\n")] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let around = Surroundings { base: folder.path(), variable: &|_| None };
    let run = parsed(&[b"--params-file=p.json", b"--result-a=@r"], &around).expect("files").run;
    assert_eq!(run.params["env"], "dev");
    assert_eq!(run.mocks, [("a".to_owned(), Some("\u{feff}7".to_owned()))]);
}

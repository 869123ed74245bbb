//! Texts of users in lines, empty texts, and backtraces.

use std::process::Command;

use crate::support::{Fresh, Ran, command, flows, mtrun};

fn texts(tag: &str, more: &[&str]) -> Ran {
    mtrun(&[&["broken/tests/texts.rs", "--tags", tag], more].concat())
}

#[test]
fn a_reason_stays_on_its_line() {
    let reason = r"(skipped: no board\ntest forged ... ok\u{1b}[31m)";
    let below = r"(skipped: skipped skipped: no board\ntest forged ... ok\u{1b}[31m)";
    let ran = texts("line", &["-w", "1"]).exits(100).lacks("\ntest");
    let ran = ran.prints(&["] skipped ", reason, "] below ", below]);
    let ran = ran.prints(&["] retried: ", r"\u{1b}[31mred ...", "] skipped_for_nothing (skipped)"]);
    // Only the block of the failure has its text as it is.
    assert_eq!(ran.out.matches('\u{1b}').count(), 1, "{}", ran.out);
    let ignored = r"(ignored: not today\ntest forged ... ok)";
    for option in ["--list", "--dry-run", "--graph"] {
        let more = ["--include-ignored", option];
        texts("line", &more).exits(0).prints(&["ignored", "only"]);
        texts("only", &[option]).prints(&[&format!("ignored {ignored}")]).lacks("\ntest");
    }
    for option in ["--graph=dot", "--graph=mermaid"] {
        texts("only", &[option]).exits(0).lacks("\ntest");
    }
}

#[test]
fn a_command_to_run_a_task_again_is_one_line() {
    texts("empty", &["--text=a\n\u{1b}b"]).exits(100).prints(&[
        "run it again: ",
        r" $'--text=a\012\033b'",
        "\n",
    ]);
}

#[test]
fn an_empty_text_is_shown_as_such() {
    let shown = |task: &str, text: &str| {
        let head = format!("---- FAIL {task} ----");
        texts("empty", &[]).exits(100).prints(&[&head, &format!("\n\n    {text}\n")]);
    };
    shown("empty_error", "(no message)");
    shown("blank_error", "(no message)");
    shown("empty_panic", "panicked: (no message)");
    shown("silent_error", "Silent { code: 7 }");
    shown("silent_cause", "outer\n      caused by: (no message)");
}

#[test]
fn a_backtrace_has_the_frames_of_the_task_alone() {
    let mut traced = command(&flows(), &["broken/tests/texts.rs", "--tags", "trace", "-w", "1"]);
    let ran = Ran::of(traced.env("RUST_BACKTRACE", "1")).exits(100);
    assert_eq!(functions(&ran.out, "panics"), ["deeper", "panics"]);
    // anyhow has captured a backtrace where the error began.
    assert_eq!(functions(&ran.out, "fails"), ["fails"]);
    assert!(ran.out.contains("at broken/tests/texts.rs:"), "{}", ran.out);
    for place in ["/rustc/", "anyhow"] {
        assert!(!ran.out.contains(place), "{}", ran.out);
    }
    // Without the variable there is none.
    assert!(functions(&texts("trace", &[]).out, "fails").is_empty());
}

/// The last words of the names of the functions in the backtrace of a task.
fn functions(out: &str, task: &str) -> Vec<String> {
    let (_, block) = out.split_once(&format!("---- FAIL {task} ----")).expect("a block");
    let block = block.split("\n---- ").next().expect("a text");
    let frames = block.lines().filter_map(|line| {
        let (number, name) = line.trim_start().split_once(": ")?;
        number.parse::<u32>().ok()?;
        name.rsplit("::").next().map(str::to_owned)
    });
    frames.collect()
}

#[test]
fn a_stripped_program_shows_no_backtrace() {
    let package = Fresh::package("stripped", "[profile.dev]\nstrip = true\n");
    package.write(
        "tests/strip.rs",
        "#[concurra::task]\nfn panics() { panic!(\"boom\") }\nconcurra::main!();\n",
    );
    let mut mtrun: Command = package.command(&[]);
    let ran = Ran::of(mtrun.env("RUST_BACKTRACE", "1")).exits(100);
    ran.prints(&["    panicked: boom\n      at tests/strip.rs:2:15\n\n  run it again"])
        .lacks("unknown");
}

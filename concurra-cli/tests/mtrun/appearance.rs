//! The output for people, as snapshots. `INSTA_UPDATE=always` rewrites them after a change of wording.

use crate::support::{mtrun, root};

/// Times differ from run to run.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        let digits = word.strip_suffix('s').unwrap_or_default();
        digits.contains('.') && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let mut plain = String::new();
    for line in text.split_inclusive('\n') {
        let words = line.split_inclusive([' ', '\n', ']', ',']);
        for word in words {
            let bare = word.trim_end_matches([' ', '\n', ']', ',']);
            if is_time(bare) {
                // The column of a task's line keeps its width for any number.
                plain.push_str("TIME");
                plain.push_str(&word[bare.len()..]);
            } else {
                plain.push_str(word);
            }
        }
    }
    while let Some(at) = plain.find("[ ") {
        let end = at + 1 + plain[at + 1..].find(|c| c != ' ').unwrap_or(0);
        plain.replace_range(at..end, "[");
    }
    plain
}

/// Lines that tasks print on their own threads may come before or after those of the runner.
fn without_own_output(text: &str) -> String {
    ["test_b sees \"a\"\n", "work env=None\n"]
        .iter()
        .fold(text.to_owned(), |text, own| text.replace(own, ""))
}

#[track_caller]
fn shown(arguments: &[&str], code: i32) -> String {
    without_times(&without_own_output(&mtrun(arguments).exits(code).out))
}

#[test]
fn a_run_with_a_failure() {
    insta::assert_snapshot!(shown(&["six", "-w", "1"], 100));
}

#[test]
fn a_run_in_which_some_tasks_are_decided_beforehand() {
    let arguments = ["values", "--skip=show", "--result-number=2", "-w", "1"];
    insta::assert_snapshot!(shown(&arguments, 0));
}

#[test]
fn failures_of_every_kind() {
    insta::assert_snapshot!(shown(
        &["broken/tests/crashes.rs", "--tags", "panics", "-w", "1", "--env=dev"],
        100
    ));
}

#[test]
fn a_failed_setup() {
    insta::assert_snapshot!(shown(&["hooks", "--break=setup", "-w", "1"], 105));
}

#[test]
fn several_targets() {
    insta::assert_snapshot!(shown(&["hooks", "six", "-w", "1", "-q"], 100));
}

#[test]
fn a_wrong_plan() {
    insta::assert_snapshot!(mtrun(&["broken/tests/wrong.rs"]).exits(96).complaint());
}

#[test]
fn lists() {
    insta::assert_snapshot!("list", shown(&["values", "show", "--list", "--result-text=x"], 0));
    insta::assert_snapshot!("list_of_a_layer", shown(&["layers", "--tags=layer2", "--list"], 0));
}

#[test]
fn graphs() {
    for kind in ["text", "dot", "mermaid", "json"] {
        let graph = shown(&["six", &format!("--graph={kind}"), "test_f"], 0);
        insta::assert_snapshot!(format!("graph_{kind}"), graph);
    }
}

#[test]
fn graphs_mark_what_is_not_run() {
    for kind in ["text", "dot", "mermaid"] {
        let kind_of_graph = format!("--graph={kind}");
        let arguments = ["values", &kind_of_graph, "flash", "after_skipping", "--result-skipping"];
        insta::assert_snapshot!(format!("graph_{kind}_of_what_is_not_run"), shown(&arguments, 0));
    }
}

#[test]
fn a_dry_run() {
    let arguments = ["hooks", "six", "--dry-run", "-w", "2", "--result-test_a=x"];
    insta::assert_snapshot!(shown(&arguments, 0));
}

#[test]
fn help() {
    let help = shown(&["--help"], 0);
    let page = std::fs::read_to_string(root().join("docs/options.md")).expect("a page");
    let options = help.lines().filter(|line| line.starts_with("  ")).flat_map(|line| {
        let words = line.split_whitespace().take_while(|word| word.starts_with('-'));
        words.map(|word| word.trim_end_matches(',')).collect::<Vec<_>>()
    });
    let options = options.collect::<Vec<_>>();
    assert!(options.len() > 40, "{options:?}");
    for option in options {
        let option = option.split('[').next().unwrap_or_default();
        assert!(page.contains(&format!("`{option}")), "docs/options.md lacks {option}");
    }
    insta::assert_snapshot!(help);
}

//! The report as text: the table and the counts.

use std::time::Duration;

use concurra_core::{Outcome, Runner, StopReason};

use crate::support::{passes_at, run, stop, text};

#[test]
fn every_task_has_a_line_in_the_order_in_which_it_was_added() {
    let mut runner = Runner::new();
    runner.add("pay", || 2).after(["receive"]);
    runner.add("receive", || 1);
    runner.command("report", ["echo", "it is done"]).after(["pay"]);
    runner.shell("count", "echo a | wc -l");
    assert_eq!(
        text(&run(runner)),
        "\
label   | task              | outcome | duration
pay     | closure           | passed  |   0.000s
receive | closure           | passed  |   0.000s
report  | echo 'it is done' | passed  |   0.000s
count   | echo a | wc -l    | passed  |   0.000s

4 passed in 0.00s"
    );
}

#[test]
fn outcomes_come_with_their_causes() {
    let mut runner = Runner::new().retries(2);
    runner.add("flaky", passes_at(2));
    runner.add("skips", || -> () { concurra_core::skip("no board") });
    runner.add("given", || "unused");
    runner.add("below", || ()).after(["skips"]);
    runner.add("last", || ()).after(["below"]);
    let runner = runner.mock("given", Some("value"));
    assert_eq!(
        text(&run(runner)),
        "\
label | task    | outcome                          | duration
flaky | closure | passed (flaky 2/3)               |   0.000s
skips | closure | skipped: no board                |   0.000s
given | closure | mocked                           |        -
below | closure | skipped: skips skipped: no board |        -
last  | closure | skipped: skips skipped: no board |        -

1 passed, 3 skipped, 1 mocked, 1 flaky in 0.00s"
    );
}

#[test]
fn a_stop_is_shown() {
    let mut runner = Runner::new().workers(1);
    let canceller = runner.canceller();
    runner.add("stops", move || stop(&canceller, StopReason::Interrupt));
    runner.add("next", || ()).after(["stops"]);
    let report = run(runner);
    assert_eq!(report["next"].outcome(), Outcome::Cancelled);
    assert_eq!(
        text(&report),
        "\
label | task    | outcome                | duration
stops | closure | passed                 |   0.000s
next  | closure | cancelled: interrupted |        -

1 passed, 1 cancelled in 0.00s (interrupted)"
    );
}

#[test]
fn long_texts_leave_the_table_in_shape() {
    let mut runner = Runner::new();
    let label = "label ".repeat(2000);
    runner.shell(label.clone(), format!("echo {}", "ä".repeat(100)));
    runner.shell("short", "echo a\n\techo b");
    runner.add("", || ());
    runner.add("two\nlines\u{1b}[2J", || ());
    let report = text(&run(runner));
    let lines: Vec<&str> = report.lines().collect();
    let command = format!("echo {}…", "ä".repeat(54));
    assert_eq!(lines[1], format!("{label} | {command} | passed  |   0.000s"));
    let lines: Vec<String> = lines[2..5]
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(lines[0], r"short | echo a\n\techo b | passed | 0.000s");
    assert_eq!(lines[1], r#""" | closure | passed | 0.000s"#);
    assert_eq!(lines[2], r"two\nlines\u{1b}[2J | closure | passed | 0.000s");
    let bars = |line: &str| line.match_indices('|').map(|(at, _)| at).collect::<Vec<_>>();
    let table: Vec<&str> = report.lines().collect();
    assert_eq!(bars(table[0]), bars(table[3]));
    assert_eq!(bars(table[0]), bars(table[4]));
    assert_eq!(bars(table[0])[0], 61, "a label that stands out does not widen its column");
}

#[test]
fn a_text_that_exactly_fits_is_not_cut() {
    let mut runner = Runner::new();
    runner.shell("fits", format!("echo {}", "x".repeat(55)));
    runner.shell("does not", format!("echo {}", "x".repeat(56)));
    let report = run(runner).to_string();
    assert!(report.contains(&format!("echo {} |", "x".repeat(55))), "{report}");
    assert!(report.contains(&format!("echo {}… |", "x".repeat(54))), "{report}");
}

#[test]
fn bodies_that_still_run_are_a_warning() {
    let mut runner = Runner::new().workers(1);
    runner
        .add("hangs", || std::thread::sleep(Duration::from_secs(3600)))
        .timeout(Duration::from_millis(20));
    assert_eq!(
        text(&run(runner)),
        "\
label | task    | outcome   | duration
hangs | closure | timed_out |   0.000s

timed_out: hangs
  ran longer than its timeout of 20ms
  declared at @

warning: still running after the end: hangs

0 passed, 1 timed out in 0.00s"
    );
}

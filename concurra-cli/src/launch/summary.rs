//! Headings above several targets, and their common end: the failures that may still happen, the
//! summary, and the exit code. Runners print everything else.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use concurra_core::{Counts, MaxFail, shown};

use super::run::Ended;
use crate::console::{Style, plural};
use crate::options::{Format, GraphKind, Options, Program, Show, unread_param};
use crate::report::ReportTo;
use crate::supervise::{Closing, ExitClass, Unread};

/// Prints headings and the summary where they do no harm.
#[derive(Debug)]
pub(crate) struct Printer {
    /// A program reads stdout, so headings and the summary go to stderr.
    machine: bool,
    style: Style,
}

impl Printer {
    pub(crate) fn new(run: &Options, color: bool) -> Self {
        let machine = match run.show {
            Some(Show::List) => run.format != Format::Pretty,
            Some(Show::Graph(kind)) => kind != GraphKind::Text,
            Some(Show::DryRun) => false,
            None => run.format == Format::Json || run.reports.iter().any(ReportTo::is_stdout),
        };
        let style = Style { color: color && !machine, ..Style::default() };
        Self { machine, style }
    }

    /// The heading that the runner prints above its own output; empty where it goes to stderr.
    pub(crate) fn heading(&self, label: &str, ended: &[Ended]) -> String {
        // A target without selected tasks printed nothing.
        let has_printed = ended.iter().any(|ended| ended.class != ExitClass::Nothing);
        let gap = if has_printed { "\n" } else { "" };
        let heading = format!("{gap}{}\n", self.style.bold(format!("==> {}", shown::line(label))));
        if self.machine {
            self.print(&heading);
            return String::new();
        }
        heading
    }

    pub(crate) fn summary(&self, ended: &[Ended], targets: usize, took: Duration) {
        let line = line(ended, targets, took);
        let is_good = ended.len() == targets && ended.iter().all(|ended| ended.class.is_good());
        let line = if is_good { self.style.good(line) } else { self.style.bad(line) };
        self.print(&format!("\n{line}\n"));
    }

    fn print(&self, text: &str) {
        // A reader of stdout may have closed it; that is not an error.
        let _ = if self.machine {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout().write_all(text.as_bytes())
        };
    }
}

/// How several targets ended together: a target without selected tasks does not count beside
/// others.
pub(crate) fn class_of_several(classes: impl IntoIterator<Item = ExitClass>) -> ExitClass {
    let classes = classes.into_iter().filter(|class| *class != ExitClass::Nothing);
    classes.reduce(ExitClass::max).unwrap_or(ExitClass::Nothing)
}

/// How many failures may still happen before no other target starts; none without a limit.
pub(crate) fn failures_left(max_fail: MaxFail, ended: &[Ended]) -> Option<usize> {
    let most = max_fail.failures()?.get();
    Some(most.saturating_sub(ended.iter().map(Ended::failures).sum()))
}

/// Warnings of parameters that nothing read in any of several targets. A target whose run did not finish
/// may have read them all.
pub(crate) fn unread_params(ended: &[Ended]) -> Vec<String> {
    if ended.iter().any(|ended| ended.closing.is_none()) {
        return Vec::new();
    }
    let closings = ended.iter().filter_map(|ended| ended.closing.as_ref());
    let lists = closings.filter_map(|closing| closing.unread.as_ref()).collect::<Vec<_>>();
    let Some((first, others)) = lists.split_first() else { return Vec::new() };
    let unread_by_all = |param: &&Unread| {
        others.iter().all(|list| list.iter().any(|other| other.name == param.name))
    };
    let warning = |param: &Unread| {
        let all = lists.iter().flat_map(|list| list.iter());
        let near = all.filter(|other| other.name == param.name).flat_map(|other| &other.nearest);
        let near = near.cloned().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        unread_param(Program::Mtrun, &param.name, &near)
    };
    first.iter().filter(unread_by_all).map(warning).collect()
}

/// The last line of a call: the outcomes of all tasks of all targets. `ended` is shorter than the
/// number of targets when the last ones did not start. Of a run that did not finish, the tasks count that
/// had ended.
fn line(ended: &[Ended], targets: usize, took: Duration) -> String {
    let closings = || ended.iter().filter_map(|ended| ended.closing.as_ref());
    let all = ended.iter().map(|ended| ended.counts).sum::<Counts>();
    let setups = closings().map(|closing| closing.failed_setups).sum();
    let teardowns = closings().map(|closing| closing.failed_teardowns).sum();
    let lost = ended.iter().filter(|ended| ended.closing.is_none()).count();
    let is_refused = |ended: &&Ended| ended.closing.as_ref().is_some_and(Closing::ran_nothing);
    let skipped = targets - ended.len() + ended.iter().filter(is_refused).count();
    let others = [
        (setups, format!("setup{} failed", plural(setups))),
        (teardowns, format!("teardown{} failed", plural(teardowns))),
        (lost, format!("run{} did not finish", plural(lost))),
        (skipped, format!("target{} not run", plural(skipped))),
    ];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    let others = others.map(|(count, words)| format!(", {count} {words}")).collect::<String>();
    let of = if targets > 1 { format!("{targets} targets: ") } else { String::new() };
    format!("==== {of}{all}{others} in {:.2}s ====", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use concurra_core::Outcome;

    use super::*;
    use crate::supervise::Closing;

    fn counted(outcomes: &[(Outcome, usize)]) -> Counts {
        let mut counts = Counts::default();
        for &(outcome, count) in outcomes {
            (0..count).for_each(|_| counts.add(outcome));
        }
        counts
    }

    fn failed(outcomes: &[(Outcome, usize)], setups: usize, teardowns: usize) -> Ended {
        let class = ExitClass::Failed;
        let (counts, closing) = (counted(outcomes), Closing::new(class));
        let (failed_setups, failed_teardowns) = (setups, teardowns);
        let closing = Closing { counts, failed_setups, failed_teardowns, ..closing };
        Ended { class, counts, closing: Some(closing), unprinted: Vec::new(), trouble: None }
    }

    #[test]
    fn failures_of_all_targets_count() {
        let counts = [(Outcome::Passed, 9), (Outcome::Failed, 1), (Outcome::TimedOut, 2)];
        let plan = ExitClass::Plan;
        let ends = [
            (failed(&counts, 0, 0), 5),
            (failed(&[(Outcome::Skipped, 4)], 1, 2), 2),
            // A run that did not finish, and a wrong plan, which does not count as a failure.
            (lost(&[]), 1),
            (ended(plan, &[]), 1),
            (failed(&[(Outcome::Failed, 3)], 0, 0), 0),
        ];
        let (ended, left): (Vec<_>, Vec<_>) = ends.into_iter().unzip();
        assert_eq!(failures_left(MaxFail::wait(8), &[]), Some(8));
        for (count, left) in (1..).zip(left) {
            assert_eq!(failures_left(MaxFail::wait(8), &ended[..count]), Some(left));
        }
        assert_eq!(failures_left(MaxFail::ALL, &ended), None);
    }

    #[test]
    fn nothing_selected_counts_only_when_it_is_so_everywhere() {
        use ExitClass::{Failed, Good, Nothing};
        assert_eq!(class_of_several([Nothing, Good]), Good);
        assert_eq!(class_of_several([Nothing, Failed, Good]), Failed);
        assert_eq!(class_of_several([Nothing, Nothing]), Nothing);
        assert_eq!(class_of_several([]), Nothing);
    }

    #[test]
    fn a_parameter_counts_as_unread_when_no_target_read_it() {
        let with = |unread: Option<&[(&str, &[&str])]>| {
            let unread = unread.map(|list| {
                let list = list.iter().map(|(name, nearest)| Unread {
                    name: (*name).to_owned(),
                    nearest: nearest.iter().map(|near| (*near).to_owned()).collect(),
                });
                list.collect()
            });
            let closing = Closing { unread, ..Closing::new(ExitClass::Good) };
            Ended { closing: Some(closing), ..ended(ExitClass::Good, &[]) }
        };
        let (one, other) = (with(Some(&[("a", &["b"]), ("x", &[])])), with(Some(&[("a", &["c"])])));
        let text =
            "nothing in this run read the parameter `a` (`--a`); did you mean `--b` or `--c`?";
        assert_eq!(unread_params(&[one, other, with(None)]), [text]);
        assert!(unread_params(&[with(Some(&[("a", &[])])), with(Some(&[]))]).is_empty());
        assert!(unread_params(&[with(Some(&[("a", &[])])), lost(&[])]).is_empty());
        assert!(unread_params(&[with(None)]).is_empty());
    }

    fn ended(class: ExitClass, counts: &[(Outcome, usize)]) -> Ended {
        let counts = counted(counts);
        let closing = Closing { counts, ..Closing::new(class) };
        Ended { class, counts, closing: Some(closing), unprinted: Vec::new(), trouble: None }
    }

    fn lost(before: &[(Outcome, usize)]) -> Ended {
        let (class, trouble) = (ExitClass::Failed, Some("it crashed".to_owned()));
        Ended { class, counts: counted(before), closing: None, unprinted: Vec::new(), trouble }
    }

    fn shown(ended: &[Ended], targets: usize) -> String {
        line(ended, targets, Duration::from_millis(1020))
    }

    #[test]
    fn the_line_adds_the_counts_of_all_targets() {
        let one = [(Outcome::Passed, 2), (Outcome::TimedOut, 1)];
        let two = [(Outcome::Passed, 3)];
        let all = [ended(ExitClass::Failed, &one), ended(ExitClass::Good, &two), lost(&two)];
        let expected = "==== 3 targets: 8 passed, 1 timed out, 1 run did not finish in 1.02s ====";
        assert_eq!(shown(&all, 3), expected);
    }

    #[test]
    fn the_line_has_failed_hooks_and_targets_that_did_not_start() {
        let closing = |failed_setups, failed_teardowns| {
            let class = ExitClass::Failed;
            let closing = Closing { failed_setups, failed_teardowns, ..Closing::new(class) };
            Ended {
                class,
                counts: Counts::default(),
                closing: Some(closing),
                unprinted: Vec::new(),
                trouble: None,
            }
        };
        let all = [closing(1, 1), closing(0, 1), lost(&[]), lost(&[])];
        let expected = "==== 5 targets: 0 passed, 1 setup failed, 2 teardowns failed, \
                        2 runs did not finish, 1 target not run in 1.02s ====";
        assert_eq!(shown(&all, 5), expected);
    }
}

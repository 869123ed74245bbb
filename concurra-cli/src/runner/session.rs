//! One call of a binary: what is chosen is shown or run.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use concurra_core::{
    Event, Observer, Outcome, Plan, PlanError, PlannedRunner, Problem, ProblemKind, Report,
};

use super::output::Output;
use super::watch::Watch;
use super::{again, nextest, registered, stop};
use crate::log;
use crate::options::{Options, Show, Surroundings};
use crate::report::{Display, Reporter, Style, reporter};
use crate::show;
use crate::supervise::{Absent, Closing, ExitClass, Link, exit_hook};
use crate::{NextestUnit, Root};

/// One call of a binary.
pub(super) struct Session<'l> {
    root: Root,
    link: Option<&'l Link>,
    options: Options,
    style: Style,
    pub(super) output: Output,
}

/// A reporter as an observer: shared, as it has the last word after the run.
struct Printing {
    reporter: Arc<Mutex<Box<dyn Reporter>>>,
    output: Output,
}

impl<'l> Session<'l> {
    pub(super) fn new(
        root: Root,
        link: Option<&'l Link>,
        options: Options,
        around: &Surroundings<'_>,
        captured: bool,
    ) -> Self {
        let terminal = !captured && io::stdout().is_terminal();
        let style = Style { color: options.color.resolve(terminal, around) };
        Self { root, link, options, style, output: Output::new(captured) }
    }

    /// Does what the options say.
    pub(super) fn run(&mut self) -> Closing {
        if let Err(closing) = self.choose_group() {
            return closing;
        }
        let several = self.link.is_some_and(Link::several);
        let selection = registered::selection(&self.options, several);
        let runner = registered::runner(&self.root, &self.options, selection);
        let canceller = runner.canceller();
        let planned = match runner.plan() {
            Ok(planned) => planned,
            Err(error) => {
                self.announce();
                return refuse(&error);
            }
        };
        if planned.plan().head().chosen > 0 {
            self.announce();
        }
        let absent = planned.plan().absent().iter().map(absent).collect();
        let closing = match self.options.show {
            Some(show) => self.show(show, &planned),
            None if planned.plan().head().chosen == 0 || self.options.bench => {
                self.run_nothing(planned.plan())
            }
            None => match stop::listen(self.link, canceller) {
                Ok(()) => self.run_tasks(planned),
                Err(error) => {
                    eprintln!("error: signals cannot be handled: {error}");
                    Closing::new(ExitClass::Failed)
                }
            },
        };
        Closing { absent, ..closing }
    }

    /// Prints the heading that `mtrun` gave; nothing stands below it where nothing was selected.
    fn announce(&self) {
        if let Some(link) = self.link {
            self.output.write(|out| out.write_all(link.heading().as_bytes()));
        }
    }

    /// Whether nextest sees connected sets here.
    fn has_groups(&self) -> bool {
        let unit = self.root.defaults.get_nextest();
        self.link.is_none() && unit == NextestUnit::Group && nextest::is_parent()
    }

    /// nextest asks for a connected set by the name of its first task.
    fn choose_group(&mut self) -> Result<(), Closing> {
        let selection = &mut self.options.selection;
        if self.link.is_some() || !nextest::is_parent() || !selection.exact {
            return Ok(());
        }
        let wanted = std::mem::take(&mut selection.filters);
        let plan = registered::runner(&self.root, &self.options, whole(&self.options)).plan();
        let plan = plan.map_err(|error| refuse(&error))?;
        let groups = self.has_groups().then(|| nextest::of(plan.plan()));
        let mut filters = Vec::new();
        for name in wanted {
            let group = groups.iter().flatten().find(|group| group.name == name);
            let known = plan.plan().tasks().iter().any(|task| task.name() == name);
            match group {
                Some(group) => filters.extend(group.members.iter().cloned()),
                None if known => filters.push(name),
                None => {
                    eprintln!("error: no task is named `{name}`");
                    return Err(Closing::new(ExitClass::Plan));
                }
            }
        }
        self.options.selection.filters = filters;
        Ok(())
    }

    fn show(&self, show: Show, planned: &PlannedRunner) -> Closing {
        let plan = planned.plan();
        self.output.write(|out| match show {
            Show::Graph(kind) => show::write_graph(kind, plan, out),
            Show::DryRun => show::write_dry_run(plan, planned.workers(), out),
            Show::List { terse: false } if self.link.is_some() => show::write_list(plan, out),
            Show::List { terse } => self.list_tests(plan, terse, out),
        });
        let nothing = plan.head().chosen == 0;
        Closing::new(if nothing { ExitClass::Nothing } else { ExitClass::Good })
    }

    fn list_tests(&self, plan: &Plan, terse: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.has_groups() {
            let only_ignored = self.options.selection.ignored;
            let groups = nextest::of(plan);
            let groups = groups.iter().filter(|group| group.ignored || !only_ignored);
            return show::write_tests(groups.map(|group| group.name.as_str()), terse, out);
        }
        let chosen = plan.tasks().iter().filter(|task| !task.is_dependency());
        show::write_tests(chosen.map(concurra_core::PlannedTask::name), terse, out)
    }

    /// Says that nothing was chosen: no error by itself, as cargo hands a filter to every binary.
    fn run_nothing(&self, plan: &Plan) -> Closing {
        if self.link.is_none() {
            let count = plan.left_out().len();
            self.output.write(|out| {
                writeln!(out, "\nrunning 0 tests\n")?;
                writeln!(
                    out,
                    "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; \
                     {count} filtered out; finished in 0.00s\n"
                )
            });
        }
        Closing::new(if self.options.bench { ExitClass::Good } else { ExitClass::Nothing })
    }

    fn run_tasks(&self, mut planned: PlannedRunner) -> Closing {
        let log = match log::Handle::install(&self.options.log) {
            Ok(log) => log,
            Err(error) => {
                eprintln!("error: {error}");
                return Closing::new(ExitClass::Option);
            }
        };
        let display = Display {
            style: self.style,
            filtered_out: planned.plan().left_out().len(),
            again: again::command(&self.root, self.link, &self.options),
        };
        let (format, quiet) = (self.options.format, self.options.quiet);
        let reporter = reporter(self.link.is_some(), format, quiet, display);
        let reporter = Arc::new(Mutex::new(reporter));
        let watch = Watch::new(planned.workers(), self.link.map(Link::board), log.clone());
        let armed = exit_hook::arm(watch.names());
        let (output, printing) = (self.output.clone(), Arc::clone(&reporter));
        planned.observe(Box::new(Printing { reporter: printing, output }));
        planned.around(Arc::new(watch));
        let report = {
            let _hooks_log_too = log.for_this_thread();
            planned.run()
        };
        drop(armed);
        let mut reporter = reporter.lock().unwrap_or_else(PoisonError::into_inner);
        self.output.write(|out| reporter.end(&report, out));
        closing(&report)
    }
}

impl Observer for Printing {
    fn begin(&mut self, plan: &Plan, workers: usize) {
        let mut reporter = self.reporter.lock().unwrap_or_else(PoisonError::into_inner);
        self.output.write(|out| reporter.begin(plan, workers, out));
    }

    fn event(&mut self, plan: &Plan, event: &Event) {
        let mut reporter = self.reporter.lock().unwrap_or_else(PoisonError::into_inner);
        self.output.write(|out| reporter.event(plan, event, out));
    }
}

/// Every task that could be chosen.
fn whole(options: &Options) -> concurra_core::Selection {
    let mut options = Options { selection: options.selection.clone(), ..Options::default() };
    options.selection.filters.clear();
    registered::selection(&options, false)
}

fn refuse(error: &PlanError) -> Closing {
    eprintln!("error: {error}");
    let kinds = error.problems().iter().map(Problem::kind);
    Closing::new(match kinds.min() {
        Some(ProblemKind::Selection) => ExitClass::Option,
        _ => ExitClass::Plan,
    })
}

/// What another target may know.
fn absent(problem: &Problem) -> Absent {
    let what = match problem {
        Problem::UnknownTag { tag, .. } => format!("tag {tag}"),
        Problem::UnknownTask { wanted, .. } => wanted.clone(),
        other => other.to_string(),
    };
    let class = match problem.kind() {
        ProblemKind::Plan => ExitClass::Plan,
        ProblemKind::Selection => ExitClass::Option,
    };
    Absent { what, message: problem.to_string(), class }
}

fn closing(report: &Report) -> Closing {
    let counts = report.counts();
    let class = if let Some(stopped) = report.stopped().and_then(stop::class) {
        stopped
    } else if report.hook_failures().iter().any(|hook| hook.setup) {
        ExitClass::Setup
    } else if report.is_good() {
        ExitClass::Good
    } else {
        ExitClass::Failed
    };
    let counts = Outcome::ALL.map(|outcome| (outcome, counts.of(outcome)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    Closing { counts, duration: report.duration(), ..Closing::new(class) }
}

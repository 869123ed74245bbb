//! One call of a binary: what is chosen is shown or run.

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use concurra_core::{
    Event, Observer, Plan, PlanError, PlannedRunner, Problem, ProblemKind, Secrets, State,
};

use super::closing::{self, absent};
use super::output::Output;
use super::remains::let_go;
use super::reports::Reports;
use super::watch::{Hooks, Watch};
use super::{again, nextest, registered, stop};
use crate::log;
use crate::options::{Format, Options, ReportTo, Show, Surroundings};
use crate::report::{Display, Reporter, Style, reporter};
use crate::show::{self, Test};
use crate::supervise::{Closing, ExitClass, Link, exit_hook};
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
        let reports = options.show.is_none() && options.reports.contains(&ReportTo::Stdout);
        let output = Output::new(captured).aside(reports);
        Self { root, link, options, style, output }
    }

    /// Does what the options say.
    pub(super) fn run(&mut self) -> Closing {
        self.try_run().unwrap_or_else(|refused| refused)
    }

    fn try_run(&mut self) -> Result<Closing, Closing> {
        let whole = self.whole()?;
        let members = self.choose_for_nextest(whole.as_ref())?;
        let several = self.link.is_some_and(Link::several);
        let mut selection = registered::selection(&self.options, several);
        selection.members = members;
        let state = Arc::new(self.state());
        let secrets = Arc::downgrade(&state);
        let runner = registered::runner(&self.root, &self.options, selection).state(state);
        let canceller = runner.canceller();
        let planned = runner.plan().map_err(|error| {
            self.announce();
            refuse(&error, str::to_owned)
        })?;
        if planned.plan().head().chosen > 0 || self.options.bench {
            self.announce();
        }
        let absent = planned.plan().absent().iter().map(absent).collect();
        let closing = match self.options.show {
            Some(show) => self.show(show, &planned, whole.as_ref()),
            None if planned.plan().head().chosen == 0 || self.options.bench => {
                self.run_nothing(planned.plan())
            }
            None => match stop::listen(self.link, canceller) {
                Ok(signals) => {
                    let closing = self.run_tasks(planned, secrets);
                    drop(signals);
                    closing.unwrap_or_else(|refused| refused)
                }
                Err(error) => {
                    eprintln!("error: signals cannot be handled: {error}");
                    Closing::new(ExitClass::Failed)
                }
            },
        };
        Ok(Closing { absent, ..closing })
    }

    /// Prints the heading that `mtrun` gave; nothing stands below it where nothing was selected.
    fn announce(&self) {
        if let Some(link) = self.link {
            self.output.write(|out| out.write_all(link.heading().as_bytes()));
        }
    }

    /// Whether nextest sees connected sets here.
    fn has_sets(&self) -> bool {
        let unit = self.root.defaults.get_nextest();
        self.link.is_none() && unit == NextestUnit::Group && nextest::is_parent()
    }

    /// Whether nextest asks for a test, which it does by its whole name.
    fn is_asked_by_nextest(&self) -> bool {
        self.link.is_none() && nextest::is_parent() && self.options.selection.exact
    }

    /// Every task that could be chosen, ignored ones included, when nextest has to do with it.
    fn whole(&self) -> Result<Option<PlannedRunner>, Closing> {
        let lists = matches!(self.options.show, Some(Show::List { .. })) && self.has_sets();
        if !lists && !self.is_asked_by_nextest() {
            return Ok(None);
        }
        let mut options =
            Options { selection: self.options.selection.clone(), ..Options::default() };
        options.selection.filters.clear();
        (options.selection.ignored, options.selection.include_ignored) = (false, true);
        let selection = registered::selection(&options, false);
        let planned =
            registered::runner(&self.root, &options, selection).state(self.state()).plan();
        planned.map(Some).map_err(|error| refuse(&error, |text| self.without_results(text)))
    }

    /// The tasks of the connected sets that nextest asks for by the name of their first task.
    fn choose_for_nextest(
        &mut self,
        whole: Option<&PlannedRunner>,
    ) -> Result<Vec<String>, Closing> {
        let Some(whole) = whole.filter(|_| self.is_asked_by_nextest()) else {
            return Ok(Vec::new());
        };
        let sets = self.has_sets();
        let chosen = nextest::choose(&mut self.options.selection, whole.plan(), sets);
        chosen.map_err(|name| {
            let name = self.without_results(&whole.mask(&name));
            eprintln!("error: no task is named `{name}`");
            Closing::new(ExitClass::Plan)
        })
    }

    /// The text without the results that are given, of which the plan of all tasks knows nothing.
    fn without_results(&self, text: &str) -> String {
        let mut secrets = Secrets::default();
        let results = self.options.mocks.iter().filter_map(|(_, result)| result.as_deref());
        results.for_each(|result| secrets.push_result(result));
        secrets.mask(text).into_owned()
    }

    fn state(&self) -> State {
        State::with_params(self.options.params.clone())
    }

    fn show(&self, show: Show, planned: &PlannedRunner, whole: Option<&PlannedRunner>) -> Closing {
        let plan = planned.plan();
        if self.link.is_some() && plan.head().chosen == 0 {
            // `mtrun` says so itself, and an empty picture would only stand in the way.
            return Closing::new(ExitClass::Nothing);
        }
        self.output.write(|out| match show {
            Show::Graph(kind) => show::write_graph(kind, plan, out),
            Show::DryRun => show::write_dry_run(plan, planned.workers(), out),
            Show::List { .. } if self.is_for_person() => show::write_list(plan, out),
            Show::List { .. } => {
                let tests = self.tests(plan, whole.map(PlannedRunner::plan));
                show::write_tests(&tests, self.options.format, out)
            }
        });
        let nothing = plan.head().chosen == 0;
        Closing::new(if nothing { ExitClass::Nothing } else { ExitClass::Good })
    }

    /// Whether a list is for someone who called `mtrun`, and not for a program.
    fn is_for_person(&self) -> bool {
        self.link.is_some() && self.options.format == Format::Pretty
    }

    /// What libtest would list.
    fn tests<'p>(&self, plan: &'p Plan, whole: Option<&'p Plan>) -> Vec<Test<'p>> {
        match whole.filter(|_| self.has_sets()) {
            Some(whole) => nextest::tests(whole, plan, self.options.selection.ignored),
            None => {
                let chosen = plan.tasks().iter().filter(|task| !task.is_dependency());
                chosen.map(Test::from).collect()
            }
        }
    }

    /// Says that there is nothing to run: no error by itself, as cargo hands a filter to every
    /// binary. Where nothing was selected in any target, `mtrun` says so itself.
    fn run_nothing(&self, plan: &Plan) -> Closing {
        if self.link.is_none() || self.options.bench {
            let mut reporter = self.reporter(plan);
            self.output.write(|out| reporter.nothing(out));
        }
        Closing::new(if self.options.bench { ExitClass::Good } else { ExitClass::Nothing })
    }

    fn reporter(&self, plan: &Plan) -> Box<dyn Reporter> {
        let display = Display {
            style: self.style,
            filtered_out: plan.left_out().len(),
            again: self.link.map(|link| again::command(link, &self.options, plan)),
            show_output: self.options.show_output || self.options.nocapture,
        };
        reporter(self.link.is_some(), self.options.format, self.options.quiet, display)
    }

    fn run_tasks(
        &self,
        mut planned: PlannedRunner,
        secrets: Weak<State>,
    ) -> Result<Closing, Closing> {
        let refuse = |text: String, class| refused(&planned.mask(&text), class);
        let log = log::Handle::install(&self.options.log, secrets)
            .map_err(|error| refuse(error.to_string(), ExitClass::Option))?;
        let several = self.link.is_some_and(Link::several);
        let stdout = self.output.aside(false);
        let reports = Reports::open(&self.options.reports, several, stdout)
            .map_err(|error| refuse(format!("{error}; nothing was run"), ExitClass::Report))?;
        let reporter = Arc::new(Mutex::new(self.reporter(planned.plan())));
        let (workers, tasks) = (planned.workers(), planned.plan().tasks().len());
        let watch = Watch::new(workers, tasks, self.link.map(Link::board), log.clone());
        let watch = Arc::new(watch);
        let armed = exit_hook::arm(watch.names());
        let (output, printing) = (self.output.clone(), Arc::clone(&reporter));
        planned.observe(Box::new(Printing { reporter: printing, output }));
        planned.observe(Box::new(Hooks::new(Arc::clone(&watch))));
        planned.around(Arc::clone(&watch) as _);
        let report = {
            let _hooks_log_too = log.for_this_thread();
            planned.run()
        };
        let mut reporter = reporter.lock().unwrap_or_else(PoisonError::into_inner);
        self.output.write(|out| reporter.end(&report, out));
        let mut closing = closing::of(&report);
        for error in reports.write(&report) {
            let text = error.to_string();
            closing.class = closing.class.or(refused(&report.mask(&text), ExitClass::Report).class);
        }
        if !let_go(report, &watch) {
            closing.class = closing.class.or(ExitClass::Failed);
        }
        drop(armed);
        Ok(closing)
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

fn refused(text: &str, class: ExitClass) -> Closing {
    eprintln!("error: {text}");
    Closing::new(class)
}

fn refuse(error: &PlanError, mask: impl Fn(&str) -> String) -> Closing {
    eprintln!("error: {}", mask(&error.to_string()));
    let kinds = error.problems().iter().map(Problem::kind);
    let class = match kinds.min() {
        Some(ProblemKind::Selection) => ExitClass::Option,
        _ => ExitClass::Plan,
    };
    Closing { absent: error.absent().iter().map(absent).collect(), ..Closing::new(class) }
}

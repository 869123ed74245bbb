//! One call of a binary: it shows or runs the chosen tasks.

use std::fmt::Display;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use concurra_core::{
    Event, Home, HookKind, Ignored, Plan, PlanError, PlannedRunner, Problem, ProblemKind, Runner,
    Secrets, Selection, Settings, State, registered_in,
};

use super::closing::{self, absent};
use super::drop_report::drop_report;
use super::events::Events;
use super::rerun::RerunOptions;
use super::undone::Unprinted;
use super::unread::SetParams;
use super::watch::Watch;
use super::{nextest, stop};
use crate::console::{Style, console, failure_block};
use crate::log;
use crate::options::{Format, Options, Program, Show};
use crate::report::{ReportTo, Reporter, Reporters, Sink, Stdio, Target, Unwritable};
use crate::show::{self, Test};
use crate::supervise::{Board, Closing, ExitClass, Forward, KnownFailure, Link, exit_hook};
use crate::sync::lock;
use crate::{NextestUnit, Root};

/// The period after which a running task is shown as slow.
const SLOW: Duration = Duration::from_secs(60);

/// The end of a call that ran nothing.
pub(super) type Refused = Box<Closing>;

/// One call of a binary.
pub(super) struct Session<'l> {
    pub(super) root: Root,
    pub(super) link: Option<&'l Link>,
    pub(super) options: Options,
    pub(super) style: Style,
    /// Where standard output goes.
    pub(super) stdout: Stdio,
}

impl Session<'_> {
    /// Executes the options.
    pub(super) fn run(&mut self) -> Result<Closing, Refused> {
        let whole = self.whole()?;
        let members = match &whole {
            Some(whole) if self.is_asked_by_nextest() => self.choose_for_nextest(whole)?,
            _ => Vec::new(),
        };
        let mut selection = self.options.selection.clone();
        selection.members = members;
        // Among several targets, a name that this one does not know may belong to another.
        selection.tolerant = self.link.is_some_and(|link| link.invitation.several);
        let state = Arc::new(State::with_params(self.options.params.clone()));
        let secrets = Arc::downgrade(&state);
        let runner = self.runner(&self.options, selection).state(state);
        let canceller = runner.canceller();
        let mut reporters = self.reporters()?;
        let planned = runner.plan().map_err(|error| {
            let text = error.to_string();
            self.announce();
            reporters.event(&Event::RunLost { error: text.clone() });
            self.end(&mut reporters);
            refuse(&text, &error)
        })?;
        let is_empty = planned.plan().selects_nothing();
        if !is_empty || self.options.bench {
            self.announce();
        }
        let absent = planned.plan().absent().iter().map(absent).collect();
        let skipped = planned.plan().selection().skipped;
        if self.options.show.is_some() || is_empty {
            // A run prints them at its end.
            planned.plan().harmless().iter().for_each(|problem| eprintln!("warning: {problem}"));
        }
        let closing = match self.options.show {
            Some(show) => self.show(show, &planned, whole.as_ref()),
            None if is_empty || self.options.bench => self.run_nothing(&planned, reporters),
            None => {
                let reporters = Arc::new(Mutex::new(reporters));
                let _signals = stop::listen(self.link, canceller, self.unprinted(&reporters))
                    .map_err(|error| {
                        refused(format!("signals cannot be handled: {error}"), ExitClass::Failed)
                    })?;
                self.run_tasks(planned, secrets, &reporters)?
            }
        };
        let class = if self.link.is_none() { self.judge(closing.class) } else { closing.class };
        Ok(Closing { class, absent, skipped, ..closing })
    }

    /// The runner that the options ask for: the command line wins over tasks, and tasks over `main!`.
    fn runner(&self, options: &Options, selection: Selection) -> Runner {
        let Root { module, target, hidden, ref defaults, .. } = self.root;
        let ours = Settings {
            name: Some(module.to_owned()),
            slow: Some(SLOW),
            output_dir: options.log.dir.clone(),
            ..Settings::new()
        };
        let runner = registered_in(Home { krate: module, target, hidden })
            .select(selection)
            .settings(defaults.settings.clone().or(ours))
            .overrides(options.settings.clone())
            .secret_params(defaults.secret.iter().copied());
        let mocks = options.mocks.iter();
        mocks.fold(runner, |runner, (name, text)| runner.mock(name, text.as_deref()))
    }

    /// The reporters that the command line asks for. Under `mtrun` events go to its reporters.
    fn reporters(&self) -> Result<Reporters, Refused> {
        let mut reporters = Reporters::default();
        if self.options.show.is_none() {
            if let Some(link) = self.link {
                let sink = link.events();
                let sink = sink.map_err(|error| refused(error, ExitClass::Report))?;
                reporters.push(Box::new(self.forward()), sink);
            } else if !self.options.reports.is_empty() {
                reporters = self.open_reports()?;
            }
        }
        reporters.begin(self.root.file);
        Ok(reporters)
    }

    fn unprinted(&self, reporters: &Arc<Mutex<Reporters>>) -> Unprinted {
        let reporters = Arc::clone(reporters);
        Unprinted { reporters, style: self.style, is_supervised: self.link.is_some() }
    }

    fn forward(&self) -> Forward {
        let style = self.style;
        let describe = move |target: &Target, event: &Event| {
            let text = failure_block(&target.run, event, style)?;
            let is_setup =
                matches!(event, Event::HookFinished(hook) if hook.hook == HookKind::Setup);
            Some(KnownFailure { text, is_setup })
        };
        Forward { sends_events: !self.options.reports.is_empty(), describe: Box::new(describe) }
    }

    fn open_reports(&self) -> Result<Reporters, Refused> {
        let reports = self.options.reports.iter();
        let wanted = reports.map(|report| report.of_target(self.root.module));
        Reporters::open(wanted, self.stdout, false).map_err(|error| {
            let exists = matches!(error, Unwritable::Exists { .. });
            let text = self.options.mask(&error.to_string());
            let class = if exists { ExitClass::Option } else { ExitClass::Report };
            refused(format!("{text}; nothing was run"), class)
        })
    }

    /// Ends the reports, and prints the error of each that could not be written.
    pub(super) fn end(&self, reporters: &mut Reporters) -> ExitClass {
        reporters.end().iter().fold(ExitClass::Good, |class, error| {
            class.max(refused(self.options.mask(&error.to_string()), ExitClass::Report).class)
        })
    }

    /// Prints the heading of this target among several.
    fn announce(&self) {
        if let Some(link) = self.link {
            // What follows meets the same error and reports it.
            self.output().write(|out| out.write_all(link.invitation.heading.as_bytes()));
        }
    }

    /// Whether nextest sees connected sets here.
    fn has_sets(&self) -> bool {
        let unit = self.root.defaults.nextest;
        self.link.is_none() && unit == NextestUnit::Group && nextest::is_parent()
    }

    /// Whether nextest asks for a test, which it does by its whole name.
    fn is_asked_by_nextest(&self) -> bool {
        self.link.is_none() && nextest::is_parent() && self.options.selection.exact
    }

    /// Every task that could be chosen, ignored ones included, where nextest asks for sets of tasks.
    fn whole(&self) -> Result<Option<PlannedRunner>, Refused> {
        let lists = self.options.show == Some(Show::List) && self.has_sets();
        if !lists && !self.is_asked_by_nextest() {
            return Ok(None);
        }
        let mut selection = self.options.selection.clone();
        selection.filters.clear();
        selection.ignored = Ignored::Include;
        let state = State::with_params(self.options.params.clone());
        let planned = self.runner(&Options::default(), selection).state(state).plan();
        planned.map(Some).map_err(|error| refuse(&self.without_results(&error.to_string()), &error))
    }

    /// The tasks of the connected sets that nextest asks for by the name of their first task.
    fn choose_for_nextest(&mut self, whole: &PlannedRunner) -> Result<Vec<String>, Refused> {
        let sets = self.has_sets();
        let chosen = nextest::choose(&mut self.options.selection, whole.plan(), sets);
        chosen.map_err(|name| {
            let text = format!("no task is named `{}`", whole.mask(&name));
            refused(self.without_results(&text), ExitClass::Plan)
        })
    }

    /// The text without the results of mocks, which the plan of all tasks does not have.
    fn without_results(&self, text: &str) -> String {
        let mut secrets = Secrets::default();
        let results = self.options.mocks.iter().filter_map(|(_, result)| result.as_deref());
        results.for_each(|result| secrets.push_result(result));
        secrets.mask(text).into_owned()
    }

    fn show(&self, show: Show, planned: &PlannedRunner, whole: Option<&PlannedRunner>) -> Closing {
        let plan = planned.plan();
        let is_empty = plan.selects_nothing();
        let is_for_person = self.link.is_some() && self.options.format == Format::Pretty;
        let mut output = self.output();
        // Where nothing was selected, `mtrun` prints a message of its own.
        if !is_empty || self.link.is_none() {
            output.write(|out| match show {
                Show::Graph(kind) => show::write_graph(kind, plan, out),
                Show::DryRun => show::write_dry_run(plan, planned.workers(), out),
                Show::List if is_for_person => show::write_list(plan, out),
                Show::List => {
                    let sets = whole.filter(|_| self.has_sets()).map(PlannedRunner::plan);
                    show::write_tests(&self.tests(plan, sets), self.options.format, out)
                }
            });
        }
        let class = if is_empty { ExitClass::Nothing } else { ExitClass::Good };
        Closing::new(class.max(written(output)))
    }

    /// The list of tests, as of libtest: with a plan of all tasks, its connected sets.
    fn tests<'p>(&self, plan: &'p Plan, sets: Option<&'p Plan>) -> Vec<Test<'p>> {
        if let Some(whole) = sets {
            let only_ignored = self.options.selection.ignored == Ignored::Only;
            return nextest::tests(whole, plan, only_ignored);
        }
        plan.tasks().iter().filter(|task| !task.is_dependency()).map(Test::from).collect()
    }

    /// The sink of the console: standard error, when standard output is for a report.
    pub(super) fn output(&self) -> Sink {
        let is_taken =
            self.options.show.is_none() && self.options.reports.iter().any(ReportTo::is_stdout);
        Sink::stdio(if is_taken { Stdio::Stderr } else { self.stdout })
    }

    pub(super) fn console(&self) -> Box<dyn Reporter> {
        console(self.link.is_some(), self.options.format, self.style)
    }

    fn run_tasks(
        &self,
        mut planned: PlannedRunner,
        state: Weak<State>,
        reporters: &Arc<Mutex<Reporters>>,
    ) -> Result<Closing, Refused> {
        let refuse = |text: String, class| refused(planned.mask(&text), class);
        let log = log::Handle::install(&self.options.log, Weak::clone(&state))
            .map_err(|error| refuse(error.to_string(), ExitClass::Option))?;
        let board = match self.link {
            Some(link) => Arc::clone(&link.board),
            None => Arc::new(Board::unnamed().map_err(|error| {
                let text = format!("`/dev/null` cannot be opened: {error}");
                refuse(text, ExitClass::Failed)
            })?),
        };
        let watch = Arc::new(Watch::new(planned.width(), Arc::clone(&board), log.clone()));
        let unprinted = self.unprinted(reporters);
        exit_hook::arm(Arc::clone(&board), move || unprinted.failures());
        let wants_results = !self.options.reports.is_empty();
        lock(reporters).push(self.console(), self.output());
        let rerun = self
            .link
            .map(|link| RerunOptions::new(&link.invitation.command, &self.options, planned.plan()));
        let program = if self.link.is_some() { Program::Mtrun } else { Program::Binary };
        let params = SetParams { names: self.options.set.clone(), program };
        let is_one_of_several = self.link.is_some_and(|link| link.invitation.several);
        planned.around(Arc::clone(&watch) as _);
        planned.observe(Box::new(Events {
            reporters: Arc::clone(reporters),
            rerun,
            prints_warnings: self.options.format == Format::Json,
            params: (!is_one_of_several).then(|| params.clone()),
            state,
            wants_results,
            board,
        }));
        let report = planned.run();
        let mut closing = closing::of(&report);
        if is_one_of_several {
            closing.unread = Some(params.unread(report.state()));
        }
        closing.class = closing.class.max(self.end(&mut lock(reporters)));
        if !drop_report(report, &watch) {
            closing.class = closing.class.max(ExitClass::Failed);
        }
        exit_hook::disarm();
        Ok(closing)
    }
}

/// The class of a call whose whole output was printed.
pub(super) fn written(mut output: Sink) -> ExitClass {
    output.error().map_or(ExitClass::Good, |error| refused(error, ExitClass::Report).class)
}

pub(super) fn refused(text: impl Display, class: ExitClass) -> Refused {
    eprintln!("error: {text}");
    Box::new(Closing::new(class))
}

fn refuse(text: &str, error: &PlanError) -> Refused {
    let kinds = error.problems().iter().map(Problem::kind);
    let class = match kinds.min() {
        Some(ProblemKind::Selection) => ExitClass::Option,
        _ => ExitClass::Plan,
    };
    let absent = error.absent().iter().map(absent).collect();
    Box::new(Closing { absent, ..*refused(text, class) })
}

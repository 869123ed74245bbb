//! The goals of the project in one table, a row each.

use crate::efficiency::Efficiency;
use crate::options::Options;
use crate::package::Profile;
use crate::plan::Planning;
use crate::statistics::Rounds;
use crate::table::{Table, figure};
use crate::{
    binary_size, build_cost, engine, launcher, memory, metg, observed, small, test_binary,
};

/// A goal and what was measured.
struct Goal {
    what: String,
    ours: Option<f64>,
    /// The quartiles of the rounds of ours; `None` for what is measured once.
    quartiles: Option<[f64; 2]>,
    /// What ours is compared with; `None` where the figure itself counts.
    reference: Option<f64>,
    bar: Bar,
}

/// When a goal is met, and when what is aimed at is reached.
enum Bar {
    AtMost {
        must: f64,
        aim: f64,
    },
    AtLeast {
        must: f64,
        aim: f64,
    },
    /// For information.
    Nothing,
}

impl Goal {
    fn new(what: impl Into<String>, ours: Option<f64>, bar: Bar) -> Self {
        Self { what: what.into(), ours, quartiles: None, reference: None, bar }
    }

    /// A goal for the median of several rounds.
    fn of(what: impl Into<String>, ours: Option<Rounds>, bar: Bar) -> Self {
        let quartiles = ours.map(|ours| ours.quartiles);
        Self { quartiles, ..Self::new(what, ours.map(|ours| ours.median), bar) }
    }

    /// A goal for the ratio to a reference, which may not have been measured.
    fn ratio(what: &str, ours: Option<Rounds>, reference: Option<Rounds>, bar: Bar) -> Self {
        Self::of(what, ours, bar).over(reference.map(|reference| reference.median))
    }

    fn over(self, reference: Option<f64>) -> Self {
        Self { reference: Some(reference.unwrap_or(f64::NAN)), ..self }
    }

    /// The ratio, or the figure itself.
    fn value(&self) -> Option<f64> {
        let value = self.ours? / self.reference.unwrap_or(1.0);
        value.is_finite().then_some(value)
    }

    fn verdict(&self) -> &'static str {
        let Some(value) = self.value() else { return "not measured" };
        let (is_met, is_aim) = match self.bar {
            Bar::AtMost { must, aim } => (value <= must, value <= aim),
            Bar::AtLeast { must, aim } => (value >= must, value >= aim),
            Bar::Nothing => return "-",
        };
        match (is_met, is_aim) {
            (_, true) => "aim",
            (true, _) => "met",
            _ => "NOT MET",
        }
    }

    fn cells(&self) -> [String; 8] {
        let [must, aim] = match self.bar {
            Bar::AtMost { must, aim } => [must, aim].map(|bound| format!("<= {bound}")),
            Bar::AtLeast { must, aim } => [must, aim].map(|bound| format!(">= {bound}")),
            Bar::Nothing => ["-", "-"].map(str::to_owned),
        };
        let quartiles = self
            .quartiles
            .map(|[low, high]| format!("{}..{}", figure(Some(low)), figure(Some(high))));
        let reference = self.reference.filter(|reference| reference.is_finite());
        [
            self.what.clone(),
            figure(self.ours),
            quartiles.unwrap_or_else(|| figure(None)),
            figure(reference),
            figure(self.value()),
            must,
            aim,
            self.verdict().to_owned(),
        ]
    }
}

/// Measures the goals whose groups are wanted.
type Measure = fn(&Options) -> Result<Vec<Goal>, String>;

const GROUPS: &[(&str, Measure)] = &[
    ("engine", engine_goals),
    ("metg", metg_goals),
    ("efficiency", |options| {
        let share = Some(Efficiency::take(options)?.share);
        let bar = Bar::AtLeast { must: 0.93, aim: 0.97 };
        Ok(vec![Goal::of("bodies of 1 µs: share of the workers' time", share, bar)])
    }),
    ("small", |options| {
        let bar = Bar::AtMost { must: 15.0, aim: 8.0 };
        Ok(vec![Goal::of("a run of 100 tasks, slowest shape, µs", small::slowest(options)?, bar)])
    }),
    ("memory", |options| {
        let bar = Bar::AtMost { must: 130.0, aim: 80.0 };
        let bytes = memory::most(1_000_000, options)?;
        Ok(vec![Goal::new("own memory at 1,000,000 tasks, bytes a task", bytes, bar)])
    }),
    ("plan", |options| {
        let of = |tasks, what: &str, bar| {
            let plan = Planning::take(tasks, options)?.plan;
            Ok::<_, String>(Goal::of(format!("plan of {what} named tasks, ns a task"), plan, bar))
        };
        Ok(vec![
            of(10_000, "10,000", Bar::AtMost { must: 80.0, aim: 50.0 })?,
            of(1_000_000, "1,000,000", Bar::AtMost { must: 150.0, aim: 100.0 })?,
        ])
    }),
    ("observed", |options| {
        let bar = Bar::AtMost { must: 3.0, aim: 1.0 };
        let more = observed::Costs::take(Profile::Release, options)?.more();
        Ok(vec![Goal::of("10,000 tasks under mtrun, µs a task more than alone", Some(more), bar)])
    }),
    ("testbinary", |options| {
        let times = test_binary::times(Profile::Release, options)?;
        let (ours, mimic) = (times.first().copied(), times.last().copied());
        let bar = Bar::AtMost { must: 1.0, aim: 0.95 };
        Ok(vec![Goal::ratio(
            "300 tasks as a test binary, ms, over libtest-mimic",
            ours,
            mimic,
            bar,
        )])
    }),
    ("launcher", |options| {
        let bar = Bar::AtMost { must: 3.0, aim: 1.5 };
        Ok(vec![Goal::of("mtrun, nothing changed, ms", launcher::more(options)?, bar)])
    }),
    ("build", |options| {
        let [one, more] = build_cost::seconds(options)?;
        Ok(vec![
            Goal::of("cold build of one task, s", one, Bar::AtMost { must: 15.0, aim: 10.0 }),
            Goal::of("build of 400 tasks over one, s", more, Bar::AtMost { must: 0.8, aim: 0.5 }),
        ])
    }),
    ("size", |_| {
        let [ours, mimic, rstest] = binary_size::stripped()?;
        let over = |what: &str, reference| {
            let what = format!("stripped release binary with one test, MB, over {what}");
            Goal::new(what, ours, Bar::Nothing).over(reference)
        };
        Ok(vec![over("libtest-mimic", mimic), over("rstest", rstest)])
    }),
];

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut table =
        Table::new(["goal", "ours", "quartiles", "reference", "value", "must", "aim", "result"]);
    for (name, measure) in GROUPS.iter().filter(|(name, _)| options.wants(name)) {
        eprintln!("measuring {name}");
        measure(&Options { only: Vec::new(), ..options.clone() })?
            .iter()
            .for_each(|goal| table.row(goal.cells()));
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

fn engine_goals(options: &Options) -> Result<Vec<Goal>, String> {
    let means = engine::means(100_000, options)?;
    let of = |part: &str| means.iter().find(|(name, _)| name.contains(part)).and_then(|it| it.1);
    let ours = of("concurra");
    let over = |part: &str, must, aim| {
        let what = format!("ns a task, over {part}");
        Goal::ratio(&what, ours, of(part), Bar::AtMost { must, aim })
    };
    let under = |part: &str, must| {
        let what = format!("{part}, ns a task, over ours");
        Goal::ratio(&what, of(part), ours, Bar::AtLeast { must, aim: 120.0 })
    };
    Ok(vec![
        over("Taskflow", 0.9, 0.5),
        over("rayon", 1.2, 0.8),
        over("hand-written", 1.25, 1.1),
        under("dagx", 80.0),
        under("dagrs", 90.0),
    ])
}

fn metg_goals(options: &Options) -> Result<Vec<Goal>, String> {
    let all = metg::lengths(options)?;
    let of = |part: &str| all.iter().find(|it| it.name.contains(part))?.mean();
    let (ours, theirs) = (of("concurra"), of("Taskflow"));
    let bar = Bar::AtMost { must: 1.0, aim: 0.5 };
    Ok(vec![Goal::ratio("METG(50 %), ns, over Taskflow", ours, theirs, bar)])
}

//! The output of a command and its exit code.

use std::collections::BTreeMap;
use std::process::{Command, Output};

/// The output of a command and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::new(&command.output().expect("the program starts"))
    }

    pub(crate) fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Checks the exit code; shows everything when it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.all());
        self
    }

    /// Checks that the output has these texts, in this order, perhaps with others between.
    #[track_caller]
    pub(crate) fn prints(self, texts: &[&str]) -> Self {
        let mut rest = self.out.as_str();
        for text in texts {
            let Some((_, behind)) = rest.split_once(text) else {
                panic!("no {text:?} in:\n{}", self.all());
            };
            rest = behind;
        }
        self
    }

    /// Checks that neither the output nor the errors have the text.
    #[track_caller]
    pub(crate) fn lacks(self, text: &str) -> Self {
        let found = self.out.contains(text) || self.err.contains(text);
        assert!(!found, "{text:?} in:\n{}", self.all());
        self
    }

    /// Checks that the errors have the text.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no {text:?} in:\n{}", self.all());
        self
    }

    /// Checks which tasks ended in which way: `PASS a b, FAIL c`.
    #[track_caller]
    pub(crate) fn ended(self, expected: &str) -> Self {
        let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for group in expected.split(", ").filter(|group| !group.is_empty()) {
            let mut words = group.split(' ').map(str::to_owned);
            let outcome = words.next().expect("an outcome");
            let mut names = words.collect::<Vec<_>>();
            names.sort();
            wanted.insert(outcome, names);
        }
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in self.lines() {
            seen.entry(line.outcome).or_default().push(line.name);
        }
        seen.values_mut().for_each(|names| names.sort());
        assert_eq!(seen, wanted, "{}", self.all());
        self
    }

    /// The lines of tasks, in the order in which they ended.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.out.lines().filter_map(Line::parse).collect()
    }

    /// The names of tasks, in the order in which they ended.
    pub(crate) fn names(&self) -> Vec<String> {
        self.lines().into_iter().map(|line| line.name).collect()
    }

    /// The errors of `mtrun` itself, without lines of cargo before them.
    pub(crate) fn complaint(&self) -> &str {
        self.err.find("error").map_or("", |at| &self.err[at..])
    }

    fn all(&self) -> String {
        format!("exit code {:?}\nout:\n{}\nerr:\n{}", self.code, self.out, self.err)
    }
}

/// The line of a task.
#[derive(Debug)]
pub(crate) struct Line {
    /// `PASS`, `FAIL`, ..
    pub(crate) outcome: String,
    pub(crate) name: String,
    /// Whether it was pulled in.
    pub(crate) dependency: bool,
}

impl Line {
    /// Reads `PASS [   0.012s] db::migrate (dep)`.
    fn parse(line: &str) -> Option<Self> {
        const OUTCOMES: [&str; 8] =
            ["PASS", "FLAKY", "FAIL", "TIMEOUT", "SKIP", "CANCEL", "MOCK", "IGNORE"];
        let (outcome, rest) = line.trim_start().split_once(" [")?;
        let outcome = outcome.split(' ').next().filter(|word| OUTCOMES.contains(word))?;
        let mut rest = rest.split_once("] ")?.1.split(' ');
        let name = rest.next()?.to_owned();
        let dependency = rest.next() == Some("(dep)");
        Some(Self { outcome: outcome.to_owned(), name, dependency })
    }
}

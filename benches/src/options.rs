//! The few options of the measurements.

use std::fmt::Display;
use std::str::FromStr;

use crate::shape::Shape;

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) workers: usize,
    /// How often each measurement is repeated; each has a number of its own by default.
    pub(crate) rounds: Option<usize>,
    /// Sizes of graphs.
    pub(crate) tasks: Vec<usize>,
    pub(crate) shapes: Vec<Shape>,
    /// Only contenders whose names hold one of these; all when empty.
    pub(crate) only: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 2,
            rounds: None,
            tasks: vec![100, 1_000, 10_000, 100_000, 1_000_000],
            shapes: Shape::USUAL.to_vec(),
            only: Vec::new(),
        }
    }
}

impl Options {
    /// Whether a contender is to be measured.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }

    /// Reads `--key value` and `--key=value`.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let (key, value) = match argument.split_once('=') {
                Some((key, value)) => (key.to_owned(), value.to_owned()),
                None => {
                    let value = arguments.next();
                    (argument.clone(), value.ok_or_else(|| format!("{argument} needs a value"))?)
                }
            };
            match key.as_str() {
                "--workers" => options.workers = number(&value)?,
                "--rounds" => options.rounds = Some(number(&value)?),
                "--tasks" => options.tasks = list(&value, number)?,
                "--shapes" => options.shapes = list(&value, shape)?,
                "--only" => options.only = list(&value, |name| Ok(name.to_owned()))?,
                _ => return Err(format!("unknown option {key}")),
            }
        }
        Ok(options)
    }
}

fn list<T>(value: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    value.split(',').map(read).collect()
}

fn shape(name: &str) -> Result<Shape, String> {
    Shape::named(name).ok_or_else(|| format!("unknown shape {name}"))
}

fn number<T: FromStr<Err: Display>>(value: &str) -> Result<T, String> {
    value.replace('_', "").parse().map_err(|why| format!("{value}: {why}"))
}

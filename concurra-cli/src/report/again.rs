//! The command that runs a task again.

use std::borrow::Cow;
use std::io::{self, Write};

use concurra_core::Report;

use super::text::quoted;
use crate::options::Written;

/// What stands around a task's name in the command that runs it again.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    /// A command already.
    pub(crate) target: String,
    pub(crate) flags: Vec<&'static str>,
    pub(crate) written: Vec<Written>,
}

impl Again {
    /// Writes the command as a shell takes it, and says so where it does not have a secret. It can
    /// be copied as it is: in quotes stars stand for no files.
    pub(super) fn write(&self, task: &str, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "  run it again: {}::{}", self.target, quoted(task))?;
        self.flags.iter().try_for_each(|flag| write!(out, " {flag}"))?;
        let mut hides = false;
        for written in &self.written {
            let Some((last, others)) = written.words.split_last() else { continue };
            others.iter().try_for_each(|word| write!(out, " {}", quoted(word)))?;
            let (option, value) = last.split_at(last.len() - written.value);
            let value = report.mask(value);
            hides |= matches!(value, Cow::Owned(_));
            write!(out, " {}", quoted(&format!("{option}{value}")))?;
        }
        writeln!(out)?;
        if hides {
            writeln!(
                out,
                "    *** is a secret that is not shown; put it there before you run this"
            )?;
        }
        Ok(())
    }
}

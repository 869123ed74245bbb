//! The command that runs a task again.

use std::borrow::Cow;
use std::io::{self, Write};

use concurra_core::Report;

use super::text::quoted;
use crate::options::Written;

/// What a secret is shown as.
const MASK: &str = "***";

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
            let told = told(written, value, report);
            hides |= told != value;
            write!(out, " {}", quoted(&format!("{option}{told}")))?;
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

/// What may be told of an option's value. A result that is given to a secret task is none of it,
/// however short it is and in whatever form; a file's path is no result.
fn told<'v>(written: &Written, value: &'v str, report: &Report) -> Cow<'v, str> {
    let task = written.mock.as_ref().and_then(|name| report.get(name));
    let is_secret = task.is_some_and(|task| task.planned().is_secret());
    if is_secret && !value.is_empty() && !value.starts_with('@') {
        Cow::Borrowed(MASK)
    } else {
        report.mask(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command that runs `pay` again where `login`, which is secret, was given its result.
    fn again(result: &str) -> String {
        let mut runner = concurra_core::Runner::new().mock("login", Some(result));
        runner.add("login", String::new).secret();
        let report = runner.run().expect("a plan");
        let mock = Some("login".to_owned());
        let words = vec!["--result".to_owned(), format!("login={result}")];
        let written = vec![Written { words, value: result.len(), mock }];
        let again = Again { target: "mtrun pay.rs".to_owned(), flags: Vec::new(), written };
        let mut out = Vec::new();
        again.write("pay", &report, &mut out).expect("a buffer takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_result_that_was_given_to_a_secret_task_is_not_told() {
        for result in ["tok-12345678", "77", "a\"b"] {
            let told = again(result);
            let line = "  run it again: mtrun pay.rs::pay --result 'login=***'\n";
            assert!(told.starts_with(line) && told.contains("put it there"), "{told}");
        }
        assert_eq!(again("@f"), "  run it again: mtrun pay.rs::pay --result login=@f\n");
    }
}

//! The command that runs a task again.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;

use concurra_core::Report;

use super::text::quoted;
use crate::options::Written;

/// What a secret is shown as.
const MASK: &str = "***";

/// The length from which a secret is hidden also in a name.
const SHORTEST: usize = 4;

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
            let shown = shown(written, last, report);
            hides |= *shown != **last;
            write!(out, " {}", quoted(shown))?;
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

/// What may be shown of an option's last word. A result that is given to a secret task is none of it,
/// however short it is and in whatever form; a file's path is no result.
fn shown<'w>(written: &Written, word: &'w OsStr, report: &Report) -> Cow<'w, OsStr> {
    let (option, value) = word.as_bytes().split_at(word.len() - written.value);
    let task = written.mock.as_ref().and_then(|name| report.get(name));
    let is_secret = task.is_some_and(|task| task.planned().is_secret());
    if is_secret && !value.is_empty() && !value.starts_with(b"@") {
        return Cow::Owned(OsStr::from_bytes(&[option, MASK.as_bytes()].concat()).to_owned());
    }
    // Secrets are texts: in what is not Unicode they are found where it is.
    let [option, value] = [option, value].map(String::from_utf8_lossy);
    match (without_secret_name(&option, report), report.mask(&value)) {
        (Cow::Borrowed(_), Cow::Borrowed(_)) => Cow::Borrowed(word),
        (option, value) => Cow::Owned(OsString::from(format!("{option}{value}"))),
    }
}

/// The option without a name that has a secret in it. A short one stands in many names, and the
/// command needs them.
fn without_secret_name<'o>(option: &'o str, report: &Report) -> Cow<'o, str> {
    let name = option.trim_end_matches('=').rsplit('=').next().unwrap_or_default();
    let name = name.strip_prefix("--result-").or_else(|| name.strip_prefix("--")).unwrap_or(name);
    let masked = report.mask(name);
    let count = masked.matches(MASK).count();
    let hidden = (name.len() + count * MASK.len()).saturating_sub(masked.len());
    if count == 0 || hidden < count * SHORTEST {
        return Cow::Borrowed(option);
    }
    Cow::Owned(option.replace(name, &masked))
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
        let words = vec!["--result".into(), format!("login={result}").into()];
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

    #[test]
    fn a_path_that_is_no_text_can_be_copied() {
        let mut runner = concurra_core::Runner::new();
        runner.add("pay", || ());
        let report = runner.run().expect("a plan");
        let words = vec![OsStr::from_bytes(b"--params-file=p\xfe").to_owned()];
        let written = Written { words, value: 2, mock: None };
        assert_eq!(quoted(shown(&written, &written.words[0], &report)), r"$'--params-file=p\376'");
    }
}

//! The command that runs a failed task again, with the same parameters and mocks.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use concurra_core::{Ignored, Plan, Problem, Rerun};

use crate::console::quoted;
use crate::options::{Options, Written};

/// Stands for a secret.
const MASK: &str = "***";

/// The length from which a secret is hidden also in a name.
const SHORTEST: usize = 4;

/// Replaces secrets in a text.
type Mask<'m> = &'m dyn Fn(&str) -> String;

/// The options with which a task of this run ends again as it did.
#[derive(Clone, Debug)]
pub(super) struct RerunOptions {
    /// The command up to the target.
    target: String,
    flags: Vec<&'static str>,
    written: Vec<Written>,
}

impl RerunOptions {
    pub(super) fn new(target: &str, options: &Options, plan: &Plan) -> Self {
        let chosen = &options.selection;
        // A task that was named ran alone; others need their dependencies.
        let deps = chosen.deps.unwrap_or(chosen.only.is_empty());
        let flags = [
            (deps, "--with-deps"),
            (chosen.ignored != Ignored::Leave, "--include-ignored"),
            (options.settings.run_dependents == Some(true), "--run-dependents"),
            (chosen.exact && !chosen.skip.is_empty(), "--exact"),
        ];
        let flags = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).collect();
        // Where this target runs alone, the runner would refuse a mock for a task of another one.
        let is_absent = |task: &String| plan.absent().iter().any(|absent| is_of(absent, task));
        let written = options.written.iter().filter(|it| !it.mock.as_ref().is_some_and(is_absent));
        Self { target: target.to_owned(), flags, written: written.cloned().collect() }
    }

    /// The command, with every secret known by now masked.
    pub(super) fn rerun(&self, plan: &Plan, mask: Mask<'_>) -> Rerun {
        let mut options = self.flags.iter().map(|flag| format!(" {flag}")).collect::<String>();
        let mut hides_secrets = false;
        for written in &self.written {
            let shown = shown(written, plan, mask);
            hides_secrets |= *shown != *written.argument;
            options += &format!(" {}", quoted(shown));
        }
        Rerun { target: self.target.clone(), options, hides_secrets }
    }
}

fn is_of(problem: &Problem, task: &str) -> bool {
    matches!(problem, Problem::UnknownTask { name, .. } if name == task)
}

/// An option without secrets. The mock of a secret task is hidden whole, however short it
/// is; a file's path stays.
fn shown<'w>(written: &'w Written, plan: &Plan, mask: Mask<'_>) -> Cow<'w, OsStr> {
    let word = written.argument.as_os_str();
    let (option, value) = word.as_bytes().split_at(word.len() - written.value);
    let task = written.mock.as_ref().and_then(|name| plan.get(name));
    let is_secret = task.is_some_and(|task| plan.task(task).is_secret());
    if is_secret && !value.is_empty() && !value.starts_with(b"@") {
        return Cow::Owned(OsStr::from_bytes(&[option, MASK.as_bytes()].concat()).to_owned());
    }
    // Secrets are texts, so only the Unicode parts of a word can have one.
    let [option, value] = [option, value].map(String::from_utf8_lossy);
    let (shown_option, shown_value) = (without_secret_name(&option, mask), mask(&value));
    if shown_option == option && shown_value == value {
        return Cow::Borrowed(word);
    }
    Cow::Owned(OsString::from(shown_option.into_owned() + &shown_value))
}

/// The option without a name that has a secret in it. A short one stands in many names, and the
/// command needs them.
fn without_secret_name<'o>(option: &'o str, mask: Mask<'_>) -> Cow<'o, str> {
    let name = option.trim_end_matches('=').rsplit('=').next().unwrap_or_default();
    let name = name.strip_prefix("--result-").or_else(|| name.strip_prefix("--")).unwrap_or(name);
    let masked = mask(name);
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

    /// The options that run `pay` again where `login`, which is secret, is mocked so.
    fn rerun(result: &str) -> Rerun {
        let mut runner = concurra_core::Runner::new().mock("login", Some(result));
        runner.add("login", String::new).secret();
        let planned = runner.plan().expect("a plan");
        let mock = Some("login".to_owned());
        let argument = format!("--result-login={result}").into();
        let written = vec![Written { argument, value: result.len(), mock }];
        let target = "mtrun pay.rs".to_owned();
        let options = RerunOptions { target, flags: Vec::new(), written };
        options.rerun(planned.plan(), &|text| planned.mask(text).into_owned())
    }

    #[test]
    fn a_mock_of_a_secret_task_is_not_shown() {
        for result in ["tok-12345678", "77", "a\"b"] {
            let rerun = rerun(result);
            assert_eq!(rerun.options, " '--result-login=***'", "{result}");
            assert!(rerun.hides_secrets);
        }
        let with_file = rerun("@f");
        assert_eq!(with_file.options, " --result-login=@f");
        assert!(!with_file.hides_secrets);
    }

    #[test]
    fn a_path_that_is_no_text_can_be_copied() {
        let mut runner = concurra_core::Runner::new();
        runner.add("pay", || ());
        let planned = runner.plan().expect("a plan");
        let argument = OsStr::from_bytes(b"--params-file=p\xfe").to_owned();
        let written = Written { argument, value: 2, mock: None };
        let shown = shown(&written, planned.plan(), &str::to_owned);
        assert_eq!(quoted(shown), r"$'--params-file=p\376'");
    }
}

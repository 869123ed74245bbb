//! Values that errors must not show. Only the plan knows which parameters and mocks are secret, so
//! before there is one, errors show none of them.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use concurra_core::Secrets;

use super::arguments::{behind, known_form, split};
use super::params::{param_value, read_file, read_params};
use super::{Options, Program, Surroundings, command};

impl Options {
    /// A message without the values of parameters and mocks between its backquotes, as long as no plan
    /// knows which of them are secret.
    #[must_use]
    pub fn mask(&self, message: &str) -> String {
        let results = self.mocks.iter().filter_map(|(_, result)| result.clone());
        mask_values(message, &self.params.values().cloned().chain(results).collect::<Vec<_>>())
    }
}

/// Masks texts between backquotes alone, which come from the user.
pub(super) fn mask_values(message: &str, values: &[String]) -> String {
    let mut secrets = Secrets::default();
    values.iter().for_each(|value| secrets.push_result(value));
    if values.iter().any(|value| value.contains('`')) {
        return secrets.mask(message).into_owned();
    }
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        0 => Cow::Borrowed(part),
        _ => secrets.mask(part),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// The values of parameters and mocks in arguments of which some are wrong.
pub(super) fn values(args: &[OsString], around: &Surroundings<'_>) -> Vec<String> {
    let command = command(Program::Mtrun);
    let mut values = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let arg = known_form(&command, arg);
        let (name, value) = split(&arg);
        let next = args.get(index + 1).map(OsString::as_os_str);
        let value = value.or(next).unwrap_or_default();
        match name.to_str() {
            Some("--set") => {
                let value = split(value).1.unwrap_or_default().to_string_lossy().into_owned();
                values.extend(param_value("", value, around).ok());
            }
            Some("--result") => values.extend(result(split(value).1.unwrap_or_default(), around)),
            Some("--params-file" | "--state-file") => {
                let params = read_params(&around.base.join(value)).unwrap_or_default();
                values.extend(params.into_values());
            }
            _ => {}
        }
    }
    values
}

/// The result in an option: its text, or the content of the file that it names.
fn result(value: &OsStr, around: &Surroundings<'_>) -> Option<String> {
    match behind(value, "@") {
        Some(file) => read_file(&around.base.join(file)).ok(),
        None => Some(value.to_string_lossy().into_owned()),
    }
}

//! Values that no error may show. Which parameters and results are secret is not known before the
//! plan is, so none is shown, in whatever form it was written.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use concurra_core::Secrets;

use super::params::{FILE, param_value, read_file, read_params};
use super::prepass::has_long;
use super::words::{behind, split};
use super::{OptionError, Options, Program, Surroundings, command};

/// The error without the values of parameters and mocks in the arguments.
pub(super) fn without(
    error: OptionError,
    args: &[OsString],
    around: &Surroundings<'_>,
) -> OptionError {
    let secrets = secrets(&values(args, around));
    error.mask(|text| secrets.mask(text).into_owned())
}

/// The message without the values of parameters and mocks. Only texts between backquotes are the
/// user's; our words stay.
pub(super) fn mask(message: &str, options: &Options) -> String {
    let results = options.mocks.iter().filter_map(|(_, result)| result.clone());
    let values = options.params.values().cloned().chain(results).collect::<Vec<_>>();
    let secrets = secrets(&values);
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

fn secrets(values: &[String]) -> Secrets {
    let mut secrets = Secrets::default();
    values.iter().for_each(|value| secrets.push_result(value));
    secrets
}

/// The values in arguments of which some are wrong; those that cannot be read are left out.
fn values(args: &[OsString], around: &Surroundings<'_>) -> Vec<String> {
    let table = command(Program::Mtrun);
    let mut values = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let Some(long) = behind(arg, "--") else { continue };
        let (name, value) = match split(long, b'=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let mut value_of_option = || value.or_else(|| args.next().map(OsString::as_os_str));
        let value = match name.to_str() {
            Some("set" | "result") => value_of_option().and_then(|pair| Some(split(pair, b'=')?.1)),
            Some(FILE | "state-file") => {
                let params = value_of_option().map(|file| read_params(&around.path(file)));
                values.extend(params.into_iter().flatten().flat_map(|params| params.into_values()));
                None
            }
            Some(name) if table.get_arguments().any(|arg| has_long(arg, name)) => None,
            _ => value,
        };
        values.extend(value.into_iter().flat_map(|value| forms(value, around)));
    }
    values
}

/// A value as it is written, and as the variable or the file has it that it names.
fn forms(value: &OsStr, around: &Surroundings<'_>) -> Vec<String> {
    let written = value.to_string_lossy().into_owned();
    let variable = param_value("", &written, around).ok();
    let file = behind(value, "@").and_then(|file| read_file(&around.path(file)).ok());
    [Some(written), variable, file].into_iter().flatten().collect()
}

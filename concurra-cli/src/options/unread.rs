//! The warning about a parameter that nothing read.

use concurra_core::nearest::did_you_mean;

use super::Program;
use super::arguments::is_parameter;
use super::names::meant_by;

/// The warning about a parameter of the command line that nothing read, with the options that it may mean
/// and with similar names that something read.
pub(crate) fn unread_param(program: Program, name: &str, read: &[String]) -> String {
    let option = |name: &str| {
        if is_parameter(name) { format!("--{name}") } else { format!("--set {name}") }
    };
    // Where `--NAME` is too near to an option, the user has written `--set`, and means a parameter.
    let mut meant = if is_parameter(name) { meant_by(program, name) } else { Vec::new() };
    meant.extend(read.iter().map(|name| option(name)));
    let advice = did_you_mean(&meant);
    format!("nothing in this run read the parameter `{name}` (`{}`){advice}", option(name))
}

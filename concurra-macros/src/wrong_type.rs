//! What is said of an option whose value is of another type.

use proc_macro2::TokenStream;
use syn::Lit;

use crate::duration;
use crate::entry::Entry;
use crate::names::path_text;
use crate::value::value;

/// Says what to write, in terms of what was written where that can be told.
pub(crate) fn wrong_type(entry: &Entry) -> String {
    let name = entry.name.to_string();
    let given = value(entry);
    let written = given.and_then(single_name);
    match &*name {
        "with_state" | "isolate" | "secret" => {
            if given.is_some_and(|value| value.to_string() == "false") {
                return format!("`{name}` takes no value: leave `{name}` out");
            }
            format!("`{name}` takes no value: write `{name}` alone")
        }
        "retries" => {
            let number = written.filter(|text| text.parse::<u32>().is_ok());
            let number = number.unwrap_or_else(|| "2".to_owned());
            format!("`{name}` takes a whole number: write `{name} = {number}`")
        }
        "backoff" | "timeout" => {
            let duration = given.and_then(|given| as_duration(&name, given));
            let duration = duration.unwrap_or_else(|| example(&name).to_owned());
            format!("`{name}` takes text: write a duration such as `{name} = \"{duration}\"`")
        }
        "crate" => {
            let path = written.unwrap_or_else(|| "renamed".to_owned());
            format!("`crate` takes a path: write `crate = {path}`")
        }
        "ignore" => {
            let why = written.unwrap_or_else(|| "why".to_owned());
            format!("`ignore` takes a reason: write `ignore = \"{why}\"`")
        }
        _ => {
            let example = if name == "after" { "load" } else { "slow" };
            let element = written.unwrap_or_else(|| example.to_owned());
            format!("`{name}` takes a list: write `{name} = [\"{element}\"]`")
        }
    }
}

/// The text of a value that is a single string or path.
fn single_name(value: &TokenStream) -> Option<String> {
    match syn::parse2(value.clone()) {
        Ok(Lit::Str(name)) => Some(name.value()),
        _ => syn::parse2(value.clone()).ok().map(|path| path_text(&path)),
    }
}

/// A duration out of a number without quotes, such as `5` or `5s`.
fn as_duration(option: &str, value: &TokenStream) -> Option<String> {
    let text = value.to_string();
    let unit = example(option).trim_start_matches(|letter: char| letter.is_ascii_digit());
    let with_unit = format!("{text}{unit}");
    [text, with_unit].into_iter().find(|text| duration::parse(text).is_ok())
}

/// A duration as the option usually has; a number without a unit was probably meant in its unit.
fn example(option: &str) -> &'static str {
    if option == "backoff" { "100ms" } else { "5s" }
}

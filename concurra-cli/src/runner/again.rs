//! The command that runs a failed task again, with the same parameters and mocks.

use crate::Root;
use crate::options::Options;
use crate::report::quoted;
use crate::supervise::Link;

/// The command; `{}` stands for the task's name.
pub(super) fn command(root: &Root, link: Option<&Link>, options: &Options) -> String {
    let start = match link {
        // A task that was named ran alone, with the results given; others need what they came after.
        Some(link) if options.selection.only.is_some() => link.command_for("{}"),
        Some(link) => format!("{} --with-deps", link.command_for("{}")),
        None => alone(root),
    };
    let mocks = options.mocks.iter().map(|(name, value)| match value {
        Some(value) => quoted(&format!("--result-{name}={value}")),
        None => quoted(&format!("--result-{name}")),
    });
    let params = options.params.iter().map(|(key, value)| {
        // `@env:` at the start of a value would be read as a variable again.
        let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let form = if plain { format!("--{key}={value}") } else { format!("--set={key}={value}") };
        quoted(&form)
    });
    std::iter::once(start).chain(mocks).chain(params).collect::<Vec<_>>().join(" ")
}

/// How cargo runs one task of this target.
fn alone(root: &Root) -> String {
    let package = root.package.map_or_else(String::new, |name| format!(" -p {name}"));
    let krate = root.module;
    match root.binary {
        Some(binary) if root.file.split(['/', '\\']).any(|part| part == "examples") => {
            format!("cargo run{package} --example {binary} -- --exact {{}}")
        }
        Some(binary) => format!("cargo run{package} --bin {binary} -- --exact {{}}"),
        None => format!("cargo test{package} --test {krate} -- --exact {{}}"),
    }
}

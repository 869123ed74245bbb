//! The reason why a call selected nothing, in words.

use std::collections::BTreeSet;

use concurra_core::Ignored;
use concurra_core::nearest::{did_you_mean, nearest, spelled};

use super::run::Starter;
use super::site::Site;
use super::targets::Target;

/// The words that selected nothing, with advice.
pub(crate) fn why_nothing(starter: &Starter<'_>, sites: &[Site]) -> String {
    let chosen = &starter.options.run.selection;
    let mut words = [starter.filters.as_slice(), &chosen.filters].concat();
    let suggestion = suggestion(&words, sites);
    let options =
        [("tags", &chosen.tags), ("exclude-tags", &chosen.exclude_tags), ("skip", &chosen.skip)];
    for (name, values) in options {
        words.extend(values.iter().map(|value| format!("--{name} {value}")));
    }
    words.extend((chosen.ignored == Ignored::Only).then(|| "--ignored".to_owned()));
    let words = words.join(" ");
    let matches = if words.is_empty() { words } else { format!(" matches {}", spelled(&words)) };
    format!("no task{matches}; `{} --list` prints all tasks{suggestion}", starter.program)
}

/// Targets and packages that the words may mean instead of tasks.
fn suggestion(words: &[String], sites: &[Site]) -> String {
    let targets = || sites.iter().flat_map(|site| &site.stamp.workspace.targets);
    let target = |name: &str| targets().find(|target| target.name == name);
    if let Some(Target { name, package, kind, .. }) = words.iter().find_map(|word| target(word)) {
        let kind = kind.as_str();
        return format!("; `{name}` is a {kind} target of `{package}`: add `-p {package}`");
    }
    let mut parts = words.iter().filter_map(|word| word.split_once("::"));
    if let Some((target, task)) = parts.find_map(|(name, task)| Some((target(name)?, task))) {
        let source = target.source.file_name().unwrap_or_default().display();
        return format!("; `{}` is a target: write the path of {source}::{task}", target.name);
    }
    let mut members = sites.iter().flat_map(|site| &site.stamp.workspace.members);
    if let Some(member) = members.find(|member| words.contains(&member.name)) {
        let name = &member.name;
        return format!("; `{name}` is a package: `-p {name}` runs its targets");
    }
    let names = targets().map(|target| target.name.as_str()).collect::<BTreeSet<_>>();
    let similar = words.iter().flat_map(|word| nearest(word, names.iter().copied()));
    did_you_mean(&similar.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>())
}

//! The reason why a call selected nothing, left nothing to run, or left nothing out, in words.

use std::collections::BTreeSet;

use concurra_core::Ignored;
use concurra_core::nearest::{did_you_mean, nearest, spelled};

use super::run::Starter;
use super::site::Site;
use super::targets::Target;
use crate::options::{GraphKind, Show};

/// The words that selected nothing, with advice; or that every chosen task was `skipped`.
pub(crate) fn why_nothing(starter: &Starter<'_>, sites: &[Site], skipped: usize) -> String {
    if skipped > 0 {
        return "what the chosen tasks need is excluded; mock it (`--result-NAME=VALUE`), or add \
                `--run-dependents`"
            .to_owned();
    }
    let chosen = &starter.options.run.selection;
    let mut words = [starter.filters.as_slice(), &chosen.filters].concat();
    let suggestion = suggestion(&words, sites, starter.options.run.show);
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

/// A warning for each name in `--exclude` that no package of the workspaces has.
pub(crate) fn unknown_packages(excluded: &[String], sites: &[Site]) -> Vec<String> {
    let members = || sites.iter().flat_map(|site| &site.stamp.workspace.members);
    let names = members().map(|member| member.name.as_str()).collect::<BTreeSet<_>>();
    // Only cargo knows what versions, addresses and patterns mean.
    let is_name = |spec: &&String| spec.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let unknown = excluded.iter().filter(is_name).filter(|spec| !names.contains(spec.as_str()));
    let warning = |spec: &String| {
        let near = nearest(spec, names.iter().copied());
        format!("no package of the workspace is `{spec}` of `--exclude`{}", did_you_mean(&near))
    };
    unknown.map(warning).collect()
}

/// What the words may mean instead of tasks: the kind of a graph, targets and packages.
fn suggestion(words: &[String], sites: &[Site], show: Option<Show>) -> String {
    let kind = words.iter().find(|word| GraphKind::WORDS.iter().any(|(kind, _)| kind == word));
    if let (Some(Show::Graph(GraphKind::Text)), Some(kind)) = (show, kind) {
        return format!("; the kind of a graph is written `--graph={kind}`");
    }
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

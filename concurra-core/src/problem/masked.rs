//! Problems without secrets: a name, a filter or a value may come from the command line.

use super::{Problem, Site};

impl Problem {
    /// The problem with masked texts.
    pub(crate) fn mask(mut self, mask: &dyn Fn(&str) -> String) -> Self {
        self.texts().into_iter().for_each(|text| *text = mask(text));
        self
    }

    /// The texts that a user wrote. The reason of a bad mock is masked already.
    fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::NoTasks { .. } | Self::EmptyLink { .. } => Vec::new(),
            Self::UnknownDependency { task, dependency, nearest: names, library } => {
                let all = [&mut task.name, dependency].into_iter().chain(names);
                all.chain(library).collect()
            }
            Self::AmbiguousDependency { task, dependency, candidates: names } => {
                [&mut task.name, dependency].into_iter().chain(names).collect()
            }
            Self::Duplicate { name, sites } => std::iter::once(name).chain(named(sites)).collect(),
            Self::Cycle { path } => named(path).collect(),
            Self::NoCommand { task, .. } => vec![task],
            Self::BadLabel { task, text, .. } => vec![&mut task.name, text],
            Self::UnknownTask { name, nearest: names, .. }
            | Self::AmbiguousTask { name, candidates: names, .. }
            | Self::UnknownTag { tag: name, nearest: names, .. } => {
                std::iter::once(name).chain(names).collect()
            }
            Self::BadMock { name, .. } => vec![name],
            Self::BadTags { text, why, .. } => vec![text, why],
        }
    }
}

fn named(sites: &mut [Site]) -> impl Iterator<Item = &mut String> {
    sites.iter_mut().map(|site| &mut site.name)
}

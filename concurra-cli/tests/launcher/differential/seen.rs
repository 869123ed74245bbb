//! The surroundings of the programs of one call.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The surroundings of one program.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Program {
    folder: String,
    executable: String,
    variables: BTreeMap<String, String>,
}

/// The surroundings of the programs of one call, by `package::target`.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    programs: BTreeMap<String, Vec<Program>>,
}

impl Seen {
    /// Reads the notes in a folder.
    pub(super) fn read(folder: &Path) -> Self {
        let mut programs = BTreeMap::<_, Vec<_>>::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let bytes = fs::read(entry.expect("an entry").path()).expect("a note");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut fields = text.split_terminator('\0').map(str::to_owned);
            let mut next = || fields.next().expect("a field");
            let (target, folder, executable) = (next(), next(), next());
            let pairs = fields.filter_map(|pair| {
                pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
            });
            // The variables of Concurra are documented.
            let variables = pairs.filter(|(name, _)| !name.starts_with("CONCURRA_")).collect();
            programs.entry(target).or_default().push(Program { folder, executable, variables });
        }
        Self { programs }
    }

    /// The targets in order. A target that ran twice appears twice.
    pub(super) fn targets(&self) -> String {
        let names = self.programs.iter().flat_map(|(target, all)| all.iter().map(move |_| target));
        names.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether all programs lie in a folder.
    pub(super) fn lies_in(&self, folder: &Path) -> bool {
        let mut programs = self.programs.values().flatten();
        programs.all(|program| Path::new(&program.executable).starts_with(folder))
    }

    /// The differences from the programs that cargo started, a line each.
    pub(super) fn differences(&self, cargo: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.targets() != cargo.targets() {
            lines.push(format!("ran `{}`, cargo `{}`", self.targets(), cargo.targets()));
        }
        for (target, ours) in &self.programs {
            let theirs = cargo.programs.get(target);
            if let (Some(ours), Some(theirs)) = (ours.first(), theirs.and_then(|all| all.first())) {
                let found = ours.differences(theirs);
                lines.extend(found.into_iter().map(|line| format!("{target}: {line}")));
            }
        }
        lines
    }
}

impl Program {
    fn differences(&self, cargo: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut compare = |field: &str, ours: Option<&String>, theirs: Option<&String>| {
            if ours != theirs {
                lines.push(format!("{field} is {ours:?}, under cargo {theirs:?}"));
            }
        };
        compare("the folder", Some(&self.folder), Some(&cargo.folder));
        compare("the executable", Some(&self.executable), Some(&cargo.executable));
        let mut names = self.variables.keys().chain(cargo.variables.keys()).collect::<Vec<_>>();
        names.sort();
        names.dedup();
        for name in names {
            compare(name, self.variables.get(name), cargo.variables.get(name));
        }
        lines
    }
}

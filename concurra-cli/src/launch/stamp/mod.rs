//! What was built, and what it was built from, so that cargo is not started when nothing changed.
//!
//! Starting cargo costs many times what a short run takes. A stamp lists every file and variable
//! that can change what a build gives. What is not certain makes the stamp void, and `mtrun` asks
//! cargo, which knows better.

mod collect;
mod dep_info;
mod inputs;

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use collect::{collect, overlooked};
pub(crate) use inputs::Inputs;

use super::cache::write_stamp;
use super::program::Program;
use super::targets::{Target, Workspace};

/// Raised when the shape changes; a stamp of another shape is void.
const SHAPE: u32 = 6;

/// A workspace as it was when cargo was last asked.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    shape: u32,
    pub(crate) inputs: Inputs,
    pub(crate) workspace: Workspace,
    /// What cargo built.
    pub(crate) programs: Vec<Program>,
}

impl Stamp {
    /// The stamp of a workspace of which nothing is built.
    pub(crate) fn new(workspace: Workspace) -> Self {
        Self { shape: SHAPE, workspace, ..Self::default() }
    }

    /// The stamp in the file, if nothing changed since it was made.
    pub(crate) fn load(file: &Path) -> Option<Self> {
        let stamp: Self = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        (stamp.shape == SHAPE && stamp.inputs.are_unchanged()).then_some(stamp)
    }

    /// Keeps the stamp. A workspace with a path that is not Unicode has none.
    pub(crate) fn save(&self, file: &Path) {
        let _ = serde_json::to_vec(self).map(|json| write_stamp(file, &json));
    }

    /// What cargo built of a target.
    pub(crate) fn program(&self, target: &Target) -> Option<&Program> {
        self.programs.iter().find(|program| program.target == *target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_that_cannot_be_read_is_void() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stamp");
        assert_eq!(Stamp::load(&path), None);
        Stamp::new(Workspace::default()).save(&path);
        assert_eq!(Stamp::load(&path), Some(Stamp::new(Workspace::default())));
        Stamp::default().save(&path);
        assert_eq!(Stamp::load(&path), None, "another shape");
        fs::write(&path, "{").expect("a file");
        assert_eq!(Stamp::load(&path), None);
    }
}

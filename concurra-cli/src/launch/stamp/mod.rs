//! The programs of a build and its inputs, so that `mtrun` starts no cargo when nothing changed.
//!
//! Starting cargo takes many times as long as a short run. A stamp lists every file and variable
//! that can change the result of a build. An unknown input makes the stamp void, and `mtrun` calls
//! cargo. The version of `mtrun` is part of the name of a stamp's file.

mod collect;
mod dep_info;
mod inputs;

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use collect::{collect, overlooked, sources};
pub(crate) use inputs::Inputs;

use super::cache::write_stamp;
use super::program::Program;
use super::targets::{Target, Workspace};

/// A workspace as cargo last described it, and the programs that cargo built there.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) inputs: Inputs,
    pub(crate) workspace: Workspace,
    pub(crate) programs: Vec<Program>,
}

impl Stamp {
    /// The stamp in the file, if nothing changed after its build.
    pub(crate) fn load(file: &Path) -> Option<Self> {
        let stamp: Self = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        stamp.inputs.are_unchanged().then_some(stamp)
    }

    /// Keeps the stamp. A workspace with a path that is not Unicode has none.
    pub(crate) fn save(&self, file: &Path) {
        let _ = serde_json::to_vec(self).map(|json| write_stamp(file, &json));
    }

    /// The program of a target.
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
        Stamp::default().save(&path);
        assert_eq!(Stamp::load(&path), Some(Stamp::default()));
        fs::write(&path, "{\"inputs\":{}}").expect("a file");
        assert_eq!(Stamp::load(&path), None, "the stamp of another version");
        fs::write(&path, "{").expect("a file");
        assert_eq!(Stamp::load(&path), None);
    }
}

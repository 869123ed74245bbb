//! Programs that stand in for cargo and rustc.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::call::toolchain;
use super::{Call, Place};

/// Writes an executable shell script.
pub(crate) fn script(path: &Path, lines: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, format!("#!/bin/sh\n{lines}\n")).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// A cargo that records each call, and then starts the real one.
#[derive(Debug)]
pub(crate) struct CountingCargo {
    program: PathBuf,
    calls: PathBuf,
}

impl CountingCargo {
    pub(crate) fn new(place: &Place) -> Self {
        let folder = place.cache().with_file_name("counting");
        let (program, calls) = (folder.join("cargo"), folder.join("calls"));
        let cargo = toolchain().join("cargo");
        script(
            &program,
            &format!("echo \"$@\" >> '{}'\nexec '{}' \"$@\"", calls.display(), cargo.display()),
        );
        Self { program, calls }
    }

    /// Makes a call use it.
    pub(crate) fn serve(&self, call: Call) -> Call {
        call.env("CARGO", &self.program)
    }

    /// The calls since the last question.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.calls).unwrap_or_default();
        // Without the file there were no calls.
        let _ = fs::remove_file(&self.calls);
        text.lines().map(str::to_owned).collect()
    }
}

//! Starts this program again. A worker process has to be the same program, also when the
//! file at its path was replaced meanwhile, as a build in another window does.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs, io};

use super::error::HostError;

/// Whether the system has a link to the running program, wherever its file is.
const HAS_LINK: bool = cfg!(target_os = "linux");

/// The file of this program, where the system has no link.
static FILE: LazyLock<io::Result<ProgramFile>> =
    LazyLock::new(|| env::current_exe().and_then(ProgramFile::at));

/// Remembers the program's file at the start, before a build can replace it.
pub(super) fn remember() {
    if !HAS_LINK {
        LazyLock::force(&FILE);
    }
}

/// A command that starts this program again, under the name that this process was started with.
pub(super) fn command() -> Result<Command, HostError> {
    let mut command = if HAS_LINK {
        // Fails without `/proc`, with an error that says so.
        env::current_exe()?;
        Command::new("/proc/self/exe")
    } else {
        let file =
            FILE.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
        Command::new(file.unchanged()?)
    };
    if let Some(name) = env::args_os().next() {
        command.arg0(name);
    }
    Ok(command)
}

/// Gives this process the short name that it would have had, started by its path; `ps` and `top`
/// show it.
pub(super) fn take_name() {
    let name = env::args_os().next();
    if let Some(name) = name.as_deref().map(Path::new).and_then(Path::file_name)
        && HAS_LINK
    {
        // The process works under any name. The system cuts a long one.
        drop(fs::write("/proc/self/comm", name.as_encoded_bytes()));
    }
}

/// A program's file, by its path and its number, which no other file has while the program runs.
#[derive(Debug)]
struct ProgramFile {
    path: PathBuf,
    number: (u64, u64),
}

impl ProgramFile {
    fn at(path: PathBuf) -> io::Result<Self> {
        let number = number(&path)?;
        Ok(Self { path, number })
    }

    /// The path, while it leads to the same file.
    fn unchanged(&self) -> Result<&Path, HostError> {
        match number(&self.path) {
            Ok(number) if number == self.number => Ok(&self.path),
            _ => Err(HostError::Replaced { path: self.path.clone() }),
        }
    }
}

fn number(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_replaced_is_not_the_program() {
        let folder = env::temp_dir().join(format!("concurra-program-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [path, other] = ["program", "other"].map(|name| folder.join(name));
        fs::write(&path, "old").expect("a file");
        let file = ProgramFile::at(path.clone()).expect("it is there");
        assert_eq!(file.unchanged().expect("the same file"), path);

        fs::write(&other, "new").expect("a file");
        fs::rename(&other, &path).expect("it replaces the first");
        let refused = |file: &ProgramFile| file.unchanged().expect_err("another file");
        let error = refused(&file);
        assert!(error.is_lasting());
        let message = format!(
            "this program's file, {}, was replaced or removed since the program began, so no worker \
             process can be started; run the program again",
            path.display()
        );
        assert_eq!(error.to_string(), message);
        fs::remove_dir_all(&folder).expect("the folder is there");
        assert_eq!(refused(&file).to_string(), message);
    }
}

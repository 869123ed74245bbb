//! The folder in which `mtrun` and one runner meet: for this user alone, below the system's folder
//! for temporary files.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The beginning of the folder's name; the process follows.
pub(super) const PREFIX: &str = "mtrun-";

/// Names the folder for temporary files.
const VARIABLE: &str = "TMPDIR";

/// Where temporary files go without it.
const DEFAULT: &str = "/tmp";

/// The longest path of that folder: a socket in it has about 100 bytes everywhere.
const LONGEST: usize = 50;

/// The rights of other users.
const FOR_OTHERS: u32 = 0o077;

/// Makes a folder that only this user can read, with a path short enough for a socket.
pub(super) fn make() -> io::Result<PathBuf> {
    make_below(&parent()?)
}

fn make_below(parent: &Path) -> io::Result<PathBuf> {
    let folder = make_in(parent).map_err(|error| {
        let parent = parent.display();
        let why = format!(
            "no folder can be made in `{parent}`: {error}; set {VARIABLE} to a folder that you can \
             write to, with a path of at most {LONGEST} bytes"
        );
        io::Error::new(error.kind(), why)
    })?;
    if fs::symlink_metadata(&folder).is_ok_and(|found| is_private(&found)) {
        return Ok(folder);
    }
    // Another user may have put something there by now, so it is left as it is.
    let folder = folder.display();
    let why = format!("`{folder}` is open to other users; set {VARIABLE} to a folder of your own");
    Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
}

fn make_in(parent: &Path) -> io::Result<PathBuf> {
    for number in 0..1000 {
        let name = format!("{}{}-{number}", PREFIX, std::process::id());
        let folder = parent.join(name);
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("each name is taken"))
}

/// The folder for temporary files, absolute, as the runner may work in another folder.
pub(super) fn parent() -> io::Result<PathBuf> {
    parent_for(std::env::var_os(VARIABLE))
}

fn parent_for(set: Option<OsString>) -> io::Result<PathBuf> {
    let set = set.filter(|set| !set.is_empty()).map(std::path::absolute).transpose()?;
    let short = set.filter(|set| set.as_os_str().len() <= LONGEST);
    Ok(short.unwrap_or_else(|| DEFAULT.into()))
}

/// Whether it is a folder of this user that no other can look into.
fn is_private(found: &Metadata) -> bool {
    is_own(found) && found.mode() & FOR_OTHERS == 0
}

/// Whether it is a folder of this user.
pub(super) fn is_own(found: &Metadata) -> bool {
    found.is_dir() && found.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_for_its_user_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        let odd = parent.path().join(OsString::from_vec(b"\xff".to_vec()));
        fs::create_dir(&odd).expect("a folder");
        let folder = make_below(&odd).expect("a folder");
        assert!(folder.starts_with(&odd));
        let found = |folder| fs::symlink_metadata(folder).expect("it is there");
        assert!(is_private(&found(&folder)));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).expect("a mode");
        assert!(!is_private(&found(&folder)));
        let link = odd.join("link");
        std::os::unix::fs::symlink(&folder, &link).expect("a link");
        assert!(!is_own(&found(&link)));
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named_with_its_variable() {
        let parent = tempfile::tempdir().expect("a folder");
        let file = parent.path().join("file");
        fs::write(&file, "").expect("a file");
        for (unusable, why) in
            [(parent.path().join("absent"), "No such"), (file, "Not a directory")]
        {
            let error = make_below(&unusable).expect_err("unusable").to_string();
            let begin = format!("no folder can be made in `{}`: {why}", unusable.display());
            assert!(error.starts_with(&begin) && error.contains("set TMPDIR to"), "{error}");
        }
    }

    #[test]
    fn a_relative_folder_counts_from_the_current_one() {
        let here = std::env::current_dir().expect("a folder");
        let of = |set: &str| parent_for(Some(set.into())).expect("a folder");
        let short = here.as_os_str().len() < LONGEST;
        let expected = if short { here.join("t") } else { DEFAULT.into() };
        assert_eq!(of("t"), expected);
        assert_eq!(of("/t"), PathBuf::from("/t"));
        for set in ["", &format!("/{}", "t".repeat(LONGEST))] {
            assert_eq!(of(set), PathBuf::from(DEFAULT));
        }
    }
}

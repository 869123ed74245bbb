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

/// What others may do with a folder.
const FOR_OTHERS: u32 = 0o077;

/// Why there is no folder to meet in.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error(
        "{VARIABLE} is `{}`, where no folder can be made: {source}; set {VARIABLE} to a folder that \
         you can write to, or unset it",
        parent.display()
    )]
    Set { parent: PathBuf, source: io::Error },
    #[error(
        "no folder can be made in `{}`: {source}; set {VARIABLE} to a folder that you can write to, \
         with a path of at most {LONGEST} bytes",
        parent.display()
    )]
    Default { parent: PathBuf, source: io::Error },
    #[error("`{}` is open to other users; set {VARIABLE} to a folder of your own", folder.display())]
    Open { folder: PathBuf },
}

impl From<Unusable> for io::Error {
    fn from(error: Unusable) -> Self {
        let kind = match &error {
            Unusable::Set { source, .. } | Unusable::Default { source, .. } => source.kind(),
            Unusable::Open { .. } => io::ErrorKind::PermissionDenied,
        };
        Self::new(kind, error)
    }
}

/// Makes a folder that only this user can read, with a path short enough for a socket.
pub(super) fn make() -> io::Result<PathBuf> {
    let (parent, is_set) = parent_for(std::env::var_os(VARIABLE))?;
    make_below(parent, is_set)
}

fn make_below(parent: PathBuf, is_set: bool) -> io::Result<PathBuf> {
    let folder = make_in(&parent).map_err(|source| match is_set {
        true => Unusable::Set { parent, source },
        false => Unusable::Default { parent, source },
    })?;
    if fs::symlink_metadata(&folder).is_ok_and(|found| is_private(&found)) {
        return Ok(folder);
    }
    // Another user may have put something there by now, so it is left as it is.
    Err(Unusable::Open { folder }.into())
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

/// The folder for temporary files.
pub(super) fn parent() -> io::Result<PathBuf> {
    parent_for(std::env::var_os(VARIABLE)).map(|(parent, _)| parent)
}

/// The folder for temporary files, absolute, as the runner may work in another folder; and whether
/// the variable names it.
fn parent_for(set: Option<OsString>) -> io::Result<(PathBuf, bool)> {
    let set = set.filter(|set| !set.is_empty()).map(std::path::absolute).transpose()?;
    let set = set.filter(|set| set.as_os_str().len() <= LONGEST);
    Ok(set.map_or_else(|| (PathBuf::from(DEFAULT), false), |set| (set, true)))
}

/// Whether it is a folder of this user that no other can look into.
fn is_private(found: &Metadata) -> bool {
    is_own(found) && found.mode() & FOR_OTHERS == 0
}

/// Whether it is a folder of this user.
pub(super) fn is_own(found: &Metadata) -> bool {
    // SAFETY: geteuid(2) reads and writes no memory of ours.
    let user = unsafe { libc::geteuid() };
    found.is_dir() && found.uid() == user
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
        let folder = make_below(odd.clone(), true).expect("a folder");
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
            let error = make_below(unusable.clone(), true).expect_err("unusable").to_string();
            let begin =
                format!("TMPDIR is `{}`, where no folder can be made: {why}", unusable.display());
            assert!(error.starts_with(&begin) && error.ends_with("or unset it"), "{error}");
        }
    }

    #[test]
    fn a_relative_folder_counts_from_the_current_one() {
        let here = std::env::current_dir().expect("a folder");
        let of = |set: &str| parent_for(Some(set.into())).expect("a folder");
        let short = here.as_os_str().len() < LONGEST;
        let expected = if short { (here.join("t"), true) } else { (DEFAULT.into(), false) };
        assert_eq!(of("t"), expected);
        assert_eq!(of("/t"), ("/t".into(), true));
        for set in ["", &format!("/{}", "t".repeat(LONGEST))] {
            assert_eq!(of(set), (DEFAULT.into(), false));
        }
    }
}

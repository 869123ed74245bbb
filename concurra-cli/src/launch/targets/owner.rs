//! Which targets a file belongs to.

use std::path::Path;

use super::target::Target;
use super::workspace::Workspace;
use crate::launch::error::LaunchError;

/// The targets of a file: all whose root it is, else the one whose folder it is in.
///
/// A file beside the only root of a folder (`tests/it/db.rs` beside `tests/it/main.rs`) has one
/// target. A file below a folder with many roots (`tests/common/mod.rs`) may belong to any of them.
/// Files beside the root of a library belong to the library, never to a binary: a person who names
/// one must not deploy anything.
pub(crate) fn owners(path: &Path, workspace: &Workspace) -> Result<Vec<Target>, LaunchError> {
    let Workspace { targets, libraries, .. } = workspace;
    let roots = targets.iter().filter(|target| target.source == path);
    let roots = roots.cloned().collect::<Vec<_>>();
    if !roots.is_empty() {
        return Ok(roots);
    }
    let libraries = libraries.iter().filter_map(|root| root.parent());
    let library = libraries.filter(|folder| path.starts_with(folder)).max();
    let folder = |target: &Target| {
        let folder = target.source.parent()?;
        (path.starts_with(folder) && Some(folder) != library).then(|| folder.to_owned())
    };
    let nearest = targets.iter().filter_map(folder).max();
    let owners = targets.iter().filter(|target| nearest.is_some() && folder(target) == nearest);
    let owners = owners.cloned().collect::<Vec<_>>();
    let path = path.to_owned();
    match owners.first() {
        None if library.is_some() => Err(LaunchError::Library { path }),
        None => Err(LaunchError::NoTarget { path }),
        Some(first) if owners.iter().all(|target| target.source == first.source) => Ok(owners),
        Some(_) => {
            let targets = owners.into_iter().map(|target| target.name).collect();
            Err(LaunchError::ManyTargets { path, targets })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::Kind;
    use super::super::target::tests::target;
    use super::*;

    #[test]
    fn the_targets_of_a_file() {
        let mut twin = target(Kind::Test, "shop", "/w/tests/orders.rs");
        twin.name = "twin".to_owned();
        let targets = vec![
            target(Kind::Test, "shop", "/w/tests/orders.rs"),
            target(Kind::Test, "shop", "/w/tests/stock.rs"),
            target(Kind::Test, "shop", "/w/tests/it/main.rs"),
            twin,
            target(Kind::Bin, "shop", "/w/src/main.rs"),
        ];
        // The root of a library may have any name.
        let libraries = vec!["/w/src/shop.rs".into()];
        let workspace = Workspace { targets, libraries, ..Workspace::default() };
        let targets = &workspace.targets;
        let owners = |path: &str| owners(Path::new(path), &workspace);
        assert_eq!(
            owners("/w/tests/orders.rs").expect("both"),
            [targets[0].clone(), targets[3].clone()]
        );
        assert_eq!(owners("/w/tests/it/db/mod.rs").expect("one"), [targets[2].clone()]);
        let shared = owners("/w/tests/common/mod.rs");
        assert!(matches!(shared, Err(LaunchError::ManyTargets { .. })), "{shared:?}");
        assert!(matches!(owners("/w/src/db.rs"), Err(LaunchError::Library { .. })));
        assert!(matches!(owners("/w/notes.rs"), Err(LaunchError::NoTarget { .. })));
    }
}

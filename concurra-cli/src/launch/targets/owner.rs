//! Which targets a file belongs to.

use std::path::Path;

use super::target::Target;
use super::workspace::Workspace;
use crate::launch::error::LaunchError;

/// The targets of a file: those whose root it is, else the one in whose folder it lies.
///
/// A file in a folder of its own (`tests/it/db.rs` beside `tests/it/main.rs`) has one; a file in a
/// folder that many roots share (`tests/common/mod.rs`) may belong to any of them. What lies beside
/// the root of a library is the library's, never the binary's: naming it must not deploy anything.
pub(crate) fn owners<'w>(
    path: &Path,
    workspace: &'w Workspace,
) -> Result<Vec<&'w Target>, LaunchError> {
    let Workspace { targets, libraries, .. } = workspace;
    let roots = targets.iter().filter(|target| target.source == path).collect::<Vec<_>>();
    if !roots.is_empty() {
        return Ok(roots);
    }
    let path = path.to_owned();
    let libraries = libraries.iter().filter_map(|root| root.parent());
    let library = libraries.filter(|folder| path.starts_with(folder)).max();
    let folder = |target: &Target| target.source.parent().map(Path::to_owned);
    let around = targets.iter().filter(|target| {
        folder(target).is_some_and(|own| path.starts_with(&own) && Some(&*own) != library)
    });
    let nearest = around.clone().map(folder).max();
    let owners = around.filter(|target| Some(folder(target)) == nearest).collect::<Vec<_>>();
    match owners.first() {
        None if library.is_some() => Err(LaunchError::Library { path }),
        None => Err(LaunchError::NoTarget { path }),
        Some(first) if owners.iter().all(|target| target.source == first.source) => Ok(owners),
        Some(_) => {
            let targets = owners.iter().map(|target| target.name.clone()).collect();
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
        // The root of the library need not be called `lib.rs`.
        let libraries = vec!["/w/src/shop.rs".into()];
        let workspace = Workspace { targets, libraries, ..Workspace::default() };
        let targets = &workspace.targets;
        let owners = |path: &str| owners(Path::new(path), &workspace);
        assert_eq!(owners("/w/tests/orders.rs").expect("both"), [&targets[0], &targets[3]]);
        assert_eq!(owners("/w/tests/it/db/mod.rs").expect("one"), [&targets[2]]);
        let shared = owners("/w/tests/common/mod.rs");
        assert!(matches!(shared, Err(LaunchError::ManyTargets { .. })), "{shared:?}");
        assert!(matches!(owners("/w/src/db.rs"), Err(LaunchError::Library { .. })));
        assert!(matches!(owners("/w/notes.rs"), Err(LaunchError::NoTarget { .. })));
    }
}

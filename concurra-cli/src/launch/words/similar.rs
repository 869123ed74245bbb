//! Suggestions for a file that does not exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use concurra_core::nearest::nearest;

use super::file::manifest_above;

/// The usual folders of targets.
const FOLDERS: [&str; 4] = ["tests", "examples", "src/bin", "src"];

/// Files with a similar name beside the missing one, in `base` and in its package, as a person in
/// `base` would write them.
pub(super) fn files_like(missing: &Path, base: &Path) -> Vec<String> {
    let package = manifest_above(base);
    let roots = package.as_deref().and_then(Path::parent).into_iter().chain([base]);
    let folders = roots.flat_map(|root| FOLDERS.map(|folder| root.join(folder)));
    let folders = folders.chain(missing.parent().map(Path::to_owned));
    let entries = folders.flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let files = files.collect::<BTreeSet<_>>();
    let stems = files.iter().filter_map(|path| stem(path));
    let similar = nearest(stem(missing).unwrap_or_default(), stems).into_iter();
    let similar =
        similar.flat_map(|name| files.iter().filter(move |path| stem(path) == Some(name)));
    similar.map(|path| path.strip_prefix(base).unwrap_or(path).display().to_string()).collect()
}

/// The name without its ending, which is always `.rs`.
fn stem(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_same_name_comes_before_similar_ones() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path();
        for file in ["Cargo.toml", "examples/ship.rs", "tests/shop.rs"] {
            let file = base.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, "").expect("a file");
        }
        let like = |file: &str| files_like(&base.join(file), &base.join("tests"));
        let ship = base.join("examples/ship.rs").display().to_string();
        assert_eq!(like("ship.rs"), [ship.as_str(), "shop.rs"]);
        assert_eq!(like("tests/shopp.rs"), ["shop.rs"]);
        assert!(like("far_away.rs").is_empty());
    }
}

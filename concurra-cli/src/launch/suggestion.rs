//! Suggestions for unknown names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use concurra_core::nearest::nearest;

/// Where files of targets lie.
const FOLDERS: [&str; 4] = ["tests", "examples", "src/bin", "src"];

/// Files of the same or nearly the same name beside the missing one, in `base` and in the package,
/// as a person would write them in `base`.
pub(crate) fn files_like(missing: &Path, base: &Path, package: Option<&Path>) -> Vec<String> {
    let Some(wanted) = stem(missing) else {
        return Vec::new();
    };
    let files = files_around(missing, base, package);
    let stems = files.iter().filter_map(|path| stem(path)).collect::<BTreeSet<_>>();
    let stems = if stems.contains(wanted) { vec![wanted] } else { nearest(wanted, stems) };
    let files = files.iter().filter(|path| stem(path).is_some_and(|stem| stems.contains(&stem)));
    files.map(|path| path.strip_prefix(base).unwrap_or(path).display().to_string()).collect()
}

/// The name without its end, which is always `.rs`.
fn stem(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()
}

fn files_around(missing: &Path, base: &Path, package: Option<&Path>) -> BTreeSet<PathBuf> {
    let roots = package.into_iter().chain([base]);
    let folders = roots.flat_map(|root| FOLDERS.map(|folder| root.join(folder)));
    let folders = folders.chain(missing.parent().map(Path::to_owned));
    let entries = folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// Names of targets that are nearly one of the words.
pub(crate) fn targets_like(words: &[String], known: &BTreeSet<&str>) -> Vec<String> {
    let names = words.iter().flat_map(|word| nearest(word, known.iter().copied()));
    names.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_name_comes_before_one_that_is_near() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path();
        for file in ["Cargo.toml", "examples/ship.rs", "tests/shop.rs"] {
            let file = base.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, "").expect("a file");
        }
        let like = |file: &str| files_like(&base.join(file), &base.join("tests"), Some(base));
        assert_eq!(like("ship.rs"), [base.join("examples/ship.rs").display().to_string()]);
        assert_eq!(like("tests/shopp.rs"), ["shop.rs"]);
        assert!(like("far_away.rs").is_empty());
    }
}

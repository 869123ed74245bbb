//! A single file that belongs to no package: a hidden package is put around it.
//!
//! Lines `//# anyhow = "1"` at its top name its dependencies. A file with `main!()` is the root of
//! the binary; one without becomes a module of a root that is written for it.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache;
use super::error::LaunchError;
use super::stamp::number_of;
use crate::supervise::VERSION;

/// The module that holds the file when it has no `main!()`; not a part of tasks' names.
const MODULE: &str = "scratch";

/// Writes the hidden package of a file, and gives its manifest.
pub(super) fn package(file: &Path, cache: &Path) -> Result<PathBuf, LaunchError> {
    let source = fs::read_to_string(file).map_err(|source| {
        let (path, offers) = (file.to_owned(), Vec::new());
        LaunchError::NoFile { path, source, offers }
    })?;
    let name = crate_name(file);
    let number = number_of(&[file.display().to_string()]);
    let folder = cache.join("scratch").join(format!("{name}-{}", &number[..16]));
    cache::make(&folder)?;
    let root = if has_main(&source) {
        file.to_owned()
    } else {
        let root = folder.join("main.rs");
        cache::write(&root, &root_around(file))?;
        root
    };
    let checkout = checkout();
    let manifest = folder.join("Cargo.toml");
    let target = cache.join("scratch").join("target");
    cache::write(&manifest, &manifest_of(&name, &root, &source, checkout.as_deref()))?;
    // Scratch files share what they depend on, which is most of what they compile.
    let config = format!("[build]\ntarget-dir = {}\n", quoted(&target));
    cache::make(&folder.join(".cargo"))?;
    cache::write(&folder.join(".cargo/config.toml"), &config)?;
    seed_lock(&folder, checkout.as_deref());
    Ok(manifest)
}

/// Says which line of the file cargo does not understand: the person knows no other manifest.
pub(super) fn blame(file: &Path, manifest: &Path, error: LaunchError) -> LaunchError {
    let LaunchError::Metadata(source) = error else { return error };
    let path = file.to_owned();
    match bad_line(file, manifest, &source) {
        Some((line, text, why)) => LaunchError::DependencyLine { path, line, text, why },
        None => LaunchError::Dependencies { path, source },
    }
}

/// The number of the line in the file, its text, and what cargo says of it.
fn bad_line(
    file: &Path,
    manifest: &Path,
    error: &cargo_metadata::Error,
) -> Option<(usize, String, String)> {
    let cargo_metadata::Error::CargoMetadata { stderr } = error else { return None };
    let (_, place) = stderr.split_once("Cargo.toml:")?;
    let bad = place.split(':').next()?.parse::<usize>().ok()?;
    let (source, manifest) = (fs::read_to_string(file).ok()?, fs::read_to_string(manifest).ok()?);
    let line = line_in_source(&source, &manifest, bad)?;
    let why = stderr.lines().find_map(|line| line.strip_prefix("error: "))?;
    Some((line, manifest.lines().nth(bad - 1)?.to_owned(), why.to_owned()))
}

/// Where a line of the manifest stands in the source: what stands there twice comes in one order.
fn line_in_source(source: &str, manifest: &str, bad: usize) -> Option<usize> {
    let text = manifest.lines().nth(bad.checked_sub(1)?)?;
    let before = manifest.lines().take(bad - 1).filter(|line| *line == text).count();
    let lines = (1..).zip(source.lines());
    let mut same = lines.filter(|(_, line)| dependency(line) == Some(text));
    same.nth(before).map(|(number, _)| number)
}

/// Whether a file inside a package is meant to run by itself all the same.
pub(super) fn is_meant(file: &Path) -> bool {
    let source = fs::read_to_string(file).unwrap_or_default();
    let shebang = source.lines().next().is_some_and(|line| line.starts_with("#!/"));
    shebang || dependency_lines(&source).next().is_some()
}

/// The checkout that `mtrun` was built from, when it is still there: its registry has no such
/// version yet.
fn checkout() -> Option<PathBuf> {
    let root = Path::new(option_env!("CARGO_MANIFEST_DIR")?).parent()?;
    let manifest = fs::read_to_string(root.join("Cargo.toml")).ok()?;
    manifest.contains("name = \"concurra\"").then(|| root.to_owned())
}

/// The versions that the checkout was tested with; without them a build would need the network.
fn seed_lock(folder: &Path, checkout: Option<&Path>) {
    let lock = folder.join("Cargo.lock");
    if let Some(checkout) = checkout.filter(|_| !lock.exists()) {
        // Cargo makes a lock file by itself when there is none.
        let _ = fs::copy(checkout.join("Cargo.lock"), lock);
    }
}

fn manifest_of(name: &str, root: &Path, source: &str, checkout: Option<&Path>) -> String {
    let own = match checkout {
        Some(checkout) => format!("concurra = {{ path = {} }}", quoted(checkout)),
        None => format!("concurra = {VERSION:?}"),
    };
    let named = dependency_lines(source).collect::<Vec<_>>();
    let gives_own = named.iter().any(|line| key(line) == "concurra");
    let own = if gives_own { String::new() } else { own + "\n" };
    let dependencies = named.iter().map(|line| format!("{line}\n")).collect::<String>();
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [[bin]]\nname = {name:?}\npath = {}\n\n[dependencies]\n{own}{dependencies}\n[workspace]\n",
        quoted(root)
    )
}

fn root_around(file: &Path) -> String {
    format!("#[path = {}]\nmod {MODULE};\nconcurra::main!(@hidden {MODULE:?});\n", quoted(file))
}

fn dependency_lines(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(dependency)
}

fn dependency(line: &str) -> Option<&str> {
    line.strip_prefix("//#").map(str::trim)
}

fn key(line: &str) -> &str {
    line.split(['=', '.']).next().unwrap_or_default().trim()
}

/// Whether the file calls `main!`: what stands in line comments does not count.
fn has_main(source: &str) -> bool {
    let code = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.into_iter().any(|line| {
        line.match_indices("main!").any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        })
    })
}

/// A name that cargo takes, from the file's.
fn crate_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name = stem.chars().map(plain).collect::<String>();
    // Cargo refuses names that are Rust's own or begin with a digit.
    let odd = name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit());
    let reserved =
        ["test", "core", "std", "alloc", "proc_macro", "main", "build", "deps", "concurra"];
    if odd || reserved.contains(&name.as_str()) { format!("scratch_{name}") } else { name }
}

/// A text in the quotes that TOML and Rust share.
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_in_code_counts() {
        assert!(has_main("concurra::main!();"));
        assert!(has_main("use concurra::main;\nmain! { workers = 2 }"));
        assert!(!has_main("// concurra::main!();\nfn main() {}"));
        assert!(!has_main("my_main!();"));
    }

    #[test]
    fn a_manifest_with_the_dependencies_of_the_file() {
        let source = "#!/usr/bin/env mtrun\n//# anyhow = \"1\"\n//# serde = { version = \"1\" }\n";
        let manifest = manifest_of("a", Path::new("/x/a.rs"), source, Some(Path::new("/c")));
        assert!(manifest.contains("path = \"/x/a.rs\""), "{manifest}");
        let expected = "[dependencies]\nconcurra = { path = \"/c\" }\nanyhow = \"1\"\nserde = { version = \"1\" }\n";
        assert!(manifest.contains(expected), "{manifest}");
        let own = manifest_of("a", Path::new("/x/a.rs"), "//# concurra = \"9\"", None);
        assert!(own.contains("[dependencies]\nconcurra = \"9\"\n"), "{own}");
    }

    #[test]
    fn lines_of_the_manifest_are_those_of_the_file() {
        let source = "#!/usr/bin/env mtrun\n//# a = \"1\"\n\n//# a = \"1\"\n//#b\nfn x() {}\n";
        let manifest = manifest_of("a", Path::new("/x/a.rs"), source, Some(Path::new("/c")));
        let first = 1 + manifest.lines().position(|line| line == "a = \"1\"").expect("a line");
        let line = |after: usize| line_in_source(source, &manifest, first + after);
        assert_eq!([line(0), line(1), line(2)], [Some(2), Some(4), Some(5)]);
        assert_eq!(line_in_source(source, &manifest, 1), None);
        assert_eq!(line_in_source(source, &manifest, 0), None);
    }

    #[test]
    fn names_that_cargo_takes() {
        assert_eq!(crate_name(Path::new("/x/my file.rs")), "my_file");
        assert_eq!(crate_name(Path::new("/x/1.rs")), "scratch_1");
        assert_eq!(crate_name(Path::new("/x/test.rs")), "scratch_test");
    }
}

//! A single file that belongs to no package: `mtrun` puts a hidden package around it.
//!
//! Lines such as `//# anyhow = "1"` in the comment at its top name its dependencies. A file with
//! `main!()` is the root of the binary; any other is a module of a generated root.

mod source;

use std::fs;
use std::path::{Path, PathBuf};

use source::{Line, dependency_lines, rejected};

use crate::launch::cache::{self, Cache, hash_of};
use crate::launch::error::LaunchError;
use crate::supervise::VERSION;

/// The module of a file without `main!()`. Names of tasks leave it out.
const MODULE: &str = "scratch";

/// The hidden package of a scratch file.
#[derive(Debug)]
pub(crate) struct Package {
    file: PathBuf,
    pub(crate) manifest: PathBuf,
    /// Scratch files share the builds of their dependencies, which take most of the time.
    pub(crate) target: PathBuf,
    lines: Vec<Line>,
}

impl Package {
    /// Writes the hidden package of a file.
    pub(crate) fn write(file: &Path, cache: &Cache) -> Result<Self, LaunchError> {
        let source = source::read(file)?;
        let lines = dependency_lines(&source, file)?;
        let shared = cache.scratch()?;
        let name = package_name(file);
        let folder = shared.join(&name);
        let root = if source::has_main(&source) {
            file.to_owned()
        } else {
            let root = folder.join("main.rs");
            let text = format!(
                "#[path = {file:?}]\nmod {MODULE};\nconcurra::main!(@hidden {MODULE:?});\n"
            );
            cache::write(&root, &text)?;
            root
        };
        let checkout = checkout();
        let manifest = folder.join("Cargo.toml");
        let text = manifest_of(&name, &hash_of(&source), &root, &lines, checkout.as_deref());
        cache::write(&manifest, &text)?;
        let lock = folder.join("Cargo.lock");
        if let Some(checkout) = checkout.filter(|_| !lock.exists()) {
            // With the versions of the checkout a build needs no network. Without this file, cargo
            // makes one.
            let _ = fs::copy(checkout.join("Cargo.lock"), lock);
        }
        Ok(Self { file: file.to_owned(), manifest, target: shared.join("target"), lines })
    }

    /// Names the line of the file that cargo rejects: the person knows no other manifest.
    pub(crate) fn blame(&self, error: LaunchError) -> LaunchError {
        let LaunchError::Metadata { why } = error else { return error };
        let path = self.file.clone();
        let Some((line, text)) = rejected(&self.lines, &why) else {
            return LaunchError::Dependencies { path, why };
        };
        LaunchError::DependencyLine { path, line, text, why: reason(&why) }
    }
}

/// Whether a file inside a package runs alone, because its first lines show that it is a script.
pub(crate) fn runs_alone(file: &Path) -> bool {
    source::read(file).is_ok_and(|source| {
        // A wrong line is an error later, when `mtrun` writes the package.
        source::has_shebang(&source)
            || dependency_lines(&source, file).map_or(true, |lines| !lines.is_empty())
    })
}

/// Cargo's reason in one line, without its places in the hidden manifest: the error, or its last
/// two causes.
fn reason(stderr: &str) -> String {
    let (_, text) = stderr.split_once("error: ").unwrap_or(("", stderr));
    let first_line = |part: &str| part.trim().lines().next().unwrap_or_default().to_owned();
    let parts = text.split("Caused by:").map(first_line).collect::<Vec<_>>();
    match &parts[..] {
        [_, .., before, last] => format!("{before}: {last}"),
        [.., cause] => cause.clone(),
        [] => String::new(),
    }
}

/// The checkout of this `mtrun`, while it exists: the registry has no such version yet.
fn checkout() -> Option<PathBuf> {
    let root = Path::new(option_env!("CARGO_MANIFEST_DIR")?).parent()?;
    let manifest = fs::read_to_string(root.join("Cargo.toml")).ok()?;
    manifest.contains("name = \"concurra\"").then(|| root.to_owned())
}

/// The manifest changes with the text of the file, so that cargo also builds a file that replaced
/// another one and is older.
fn manifest_of(
    name: &str,
    text: &str,
    root: &Path,
    lines: &[Line],
    checkout: Option<&Path>,
) -> String {
    let concurra = match checkout {
        _ if lines.iter().any(|line| line.key == "concurra") => String::new(),
        Some(checkout) => format!("concurra = {{ path = {} }}\n", quoted(checkout)),
        None => format!("concurra = {VERSION:?}\n"),
    };
    let dependencies = lines.iter().map(|line| format!("{}\n", line.entry)).collect::<String>();
    let check = format!("'cfg(concurra_scratch, values({text:?}))'");
    format!(
        "package = {{ name = {name:?}, edition = \"2024\" }}\n\
         bin = [{{ name = {name:?}, path = {} }}]\n\
         workspace = {{}}\n\
         lints.rust.unexpected_cfgs = {{ level = \"warn\", check-cfg = [{check}] }}\n\n\
         [dependencies]\n{concurra}{dependencies}",
        quoted(root)
    )
}

/// A path as TOML has it.
fn quoted(path: &Path) -> String {
    toml_edit::Value::from(path.display().to_string()).to_string()
}

/// A name that cargo accepts and that no other file has: packages of one name share their builds.
fn package_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    // Cargo adds letters to the name, and file systems limit the length of names.
    let stem = stem.chars().map(plain).take(60).collect::<String>();
    format!("scratch_{stem}-{}", hash_of(&format!("{file:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(source: &str, checkout: Option<&str>) -> String {
        let lines = dependency_lines(source, Path::new("/x/a.rs")).expect("lines");
        manifest_of("a", "1", Path::new("/x/a \"b\".rs"), &lines, checkout.map(Path::new))
    }

    #[test]
    fn a_manifest_with_the_dependencies_of_the_file() {
        let source = "#!/usr/bin/env mtrun\n//# anyhow = \"1\"\n//# dep = { path = \"dep\" }\n";
        let text = manifest(source, Some("/c"));
        let parsed = text.parse::<toml_edit::DocumentMut>().expect(&text);
        assert_eq!(parsed["bin"][0]["path"].as_str(), Some("/x/a \"b\".rs"));
        assert_eq!(parsed["dependencies"]["concurra"]["path"].as_str(), Some("/c"));
        assert_eq!(parsed["dependencies"]["anyhow"].as_str(), Some("1"));
        assert_eq!(parsed["dependencies"]["dep"]["path"].as_str(), Some("/x/dep"));
        let own = manifest("//# concurra = \"9\"", None);
        assert!(own.ends_with("[dependencies]\nconcurra = \"9\"\n"), "{own}");
    }

    #[test]
    fn each_file_has_another_name_that_cargo_accepts() {
        let name = |file: &str| package_name(Path::new(file));
        for (file, begin) in [
            ("/x/my file.rs", "scratch_my_file-"),
            ("/x/1.rs", "scratch_1-"),
            ("/x/ü.rs", "scratch__-"),
            ("/x/examples.rs", "scratch_examples-"),
        ] {
            assert!(name(file).starts_with(begin), "{}", name(file));
        }
        assert_ne!(name("/one/job.rs"), name("/two/job.rs"));
    }
}

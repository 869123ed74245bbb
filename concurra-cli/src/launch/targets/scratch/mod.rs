//! A single file that belongs to no package: `mtrun` puts a hidden package around it.
//!
//! Lines such as `//# anyhow = "1"` in the comment at its top name its dependencies. A file with
//! `main!()` is the root of the binary; any other is a module of a generated root.

mod header;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use header::Header;

use crate::launch::cache::{self, Cache, hash_of};
use crate::launch::error::LaunchError;
use crate::supervise::VERSION;

/// The module that holds the file when it has no `main!()`; tasks' names leave it out.
const MODULE: &str = "scratch";

/// The hidden package of a scratch file.
#[derive(Debug)]
pub(crate) struct Package {
    file: PathBuf,
    pub(crate) manifest: PathBuf,
    /// Scratch files share what they depend on, which is most of what they compile.
    pub(crate) target: PathBuf,
    header: Header,
}

impl Package {
    /// Writes the hidden package of a file.
    pub(crate) fn write(file: &Path, cache: &Cache) -> Result<Self, LaunchError> {
        let source = source::read(file)?;
        let header = Header::parse(&source, file)?;
        let shared = cache.scratch()?;
        let name = package_name(file);
        let folder = shared.join(&name);
        let root = if source::has_main(&source) {
            file.to_owned()
        } else {
            let root = folder.join("main.rs");
            cache::write(&root, &root_around(file))?;
            root
        };
        let checkout = checkout();
        let manifest = folder.join("Cargo.toml");
        let text = hash_of(&source);
        cache::write(&manifest, &manifest_of(&name, &text, &root, &header, checkout.as_deref()))?;
        copy_lock_file(&folder, checkout.as_deref());
        Ok(Self { file: file.to_owned(), manifest, target: shared.join("target"), header })
    }

    /// Names the line of the file that cargo rejects: the person knows no other manifest.
    pub(crate) fn blame(&self, error: LaunchError) -> LaunchError {
        let LaunchError::Metadata { why } = error else { return error };
        let path = self.file.clone();
        match self.header.refused(&why) {
            Some((line, text)) => {
                LaunchError::DependencyLine { path, line, text, why: reason(&why) }
            }
            None => LaunchError::Dependencies { path, why },
        }
    }
}

/// Whether a file inside a package runs alone all the same: its first lines show it.
pub(crate) fn runs_alone(file: &Path) -> bool {
    source::read(file).is_ok_and(|source| {
        // A line that cannot be read is reported when the file is opened.
        source::has_shebang(&source)
            || Header::parse(&source, file).map_or(true, |header| !header.lines.is_empty())
    })
}

/// Cargo's reason in one line, without its places in the hidden manifest: what is wrong, or the last
/// two causes of it.
fn reason(stderr: &str) -> String {
    let (_, text) = stderr.split_once("error: ").unwrap_or(("", stderr));
    let first_line = |part: &str| part.trim().lines().next().unwrap_or_default().to_owned();
    let parts = text.split("Caused by:").map(first_line).collect::<Vec<_>>();
    match &parts[..] {
        [_, .., before, last] => format!("{before}: {last}"),
        [_, cause] => cause.clone(),
        _ => parts.concat(),
    }
}

/// The checkout that `mtrun` was built from, when it is still there: the registry has no such
/// version yet.
fn checkout() -> Option<PathBuf> {
    let root = Path::new(option_env!("CARGO_MANIFEST_DIR")?).parent()?;
    let manifest = fs::read_to_string(root.join("Cargo.toml")).ok()?;
    manifest.contains("name = \"concurra\"").then(|| root.to_owned())
}

/// Copies the versions that the checkout was tested with; without them a build needs the network.
fn copy_lock_file(folder: &Path, checkout: Option<&Path>) {
    let lock = folder.join("Cargo.lock");
    if let Some(checkout) = checkout.filter(|_| !lock.exists()) {
        // Cargo makes a lock file by itself when there is none.
        let _ = fs::copy(checkout.join("Cargo.lock"), lock);
    }
}

/// The manifest changes with the text of the file, so that cargo also builds a file that replaced
/// another one and is older.
fn manifest_of(
    name: &str,
    text: &str,
    root: &Path,
    header: &Header,
    checkout: Option<&Path>,
) -> String {
    let own = match checkout {
        _ if header.names("concurra") => String::new(),
        Some(checkout) => format!("concurra = {{ path = {} }}\n", quoted(checkout)),
        None => format!("concurra = {VERSION:?}\n"),
    };
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\
         \n[lints.rust.unexpected_cfgs]\nlevel = \"warn\"\n\
         check-cfg = ['cfg(concurra_scratch, values({text:?}))']\n\n\
         [[bin]]\nname = {name:?}\npath = {}\n\n[workspace]\n\n[dependencies]\n{own}{}",
        quoted(root),
        header.dependencies()
    )
}

/// A path as TOML has it.
fn quoted(path: &Path) -> String {
    toml_edit::Value::from(path.display().to_string()).to_string()
}

fn root_around(file: &Path) -> String {
    let path = file.display().to_string();
    format!("#[path = {path:?}]\nmod {MODULE};\nconcurra::main!(@hidden {MODULE:?});\n")
}

/// A name that cargo takes and that no other file has: packages of one name share what is built.
fn package_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    // A file system may take names of a few more letters than the file has.
    let stem = stem.chars().map(plain).take(60).collect::<String>();
    let number = hash_of(&format!("{file:?}"));
    // Cargo refuses names that begin with a digit.
    let first =
        if stem.starts_with(|first: char| first.is_ascii_alphabetic()) { "" } else { "scratch_" };
    format!("{first}{stem}-{}", &number[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(source: &str, checkout: Option<&str>) -> String {
        let header = Header::parse(source, Path::new("/x/a.rs")).expect("a header");
        manifest_of("a", "1", Path::new("/x/a \"b\".rs"), &header, checkout.map(Path::new))
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
    fn each_file_has_a_name_of_its_own_that_cargo_takes() {
        let name = |file: &str| package_name(Path::new(file));
        for (file, begin) in [
            ("/x/my file.rs", "my_file-"),
            ("/x/1.rs", "scratch_1-"),
            ("/x/ü.rs", "scratch__-"),
            ("/x/examples.rs", "examples-"),
        ] {
            assert!(name(file).starts_with(begin), "{}", name(file));
        }
        assert_ne!(name("/one/job.rs"), name("/two/job.rs"));
    }
}

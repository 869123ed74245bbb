//! Files outside any package: their dependencies, their names and their syntax.

mod dependencies;
mod names;
mod packages;
mod syntax;

use crate::support::Place;

/// A file with a dependency line whose task prints a text of the dependency.
fn uses(line: &str) -> String {
    format!("{line}\n#[concurra::task]\nfn says() {{\n    println!(\"{{}}\", dep::TEXT);\n}}\n")
}

fn dependency(place: &Place, folder: &str, text: &str) {
    let manifest = "[package]\nname = \"dep\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    place.write(&format!("{folder}/Cargo.toml"), manifest);
    place.write(&format!("{folder}/src/lib.rs"), &format!("pub const TEXT: &str = {text:?};"));
}

/// The file runs, as a module and as a root, and its task has this name.
#[track_caller]
fn runs(place: &Place, file: &str, text: &str, ended: &str) {
    place.write(file, text);
    place.mtrun(&[file]).exits(0).ended(ended);
}

//! The surroundings of a program in its package: variables, libraries, programs beside it.

use super::layouts::{plain, probe, tests};
use super::row::{calls, test};
use super::rows;
use crate::support::Place;

/// Every field of a package that becomes a variable.
const FIELDS: &str = "authors = [\"Ada <ada@example.org>\", \"Bo\"]\n\
    description = \"sells \\\"things\\\"\\nby the dozen\"\nhomepage = \"https://example.org\"\n\
    repository = \"https://example.org/repository\"\nlicense-file = \"terms/LICENCE\"\n\
    readme = \"docs/READ.md\"\nrust-version = \"1.88\"\ndocumentation = \"https://docs.example.org\"\n";

rows! {
    every_field_of_a_package: fields, test("") => "fields::seen";
    fields_of_the_workspace: inherited, test("-p heir") => "heir::seen";
    a_version_with_all_parts: version, test("") => "fields::seen";
    programs_beside_a_test: beside, test("") => "beside::seen";
    programs_whose_features_are_off: beside, test("--no-default-features") => "beside::seen";
    a_build_script: build_script, test("") => "built::seen";
    a_build_script_of_a_binary: build_script, calls("--bins", &["run --bin built"])
        => "built::built";
    a_build_script_of_an_example: build_script, calls("--examples", &["run --example shown"])
        => "built::shown";
    a_build_script_of_a_dependency: build_script_below, test("") => "above::seen";
    a_library_that_is_loaded_by_a_test: loaded, test("") => "loaded::loads";
    a_library_that_is_loaded_by_an_example: loaded, calls("--examples", &["run --example opens"])
        => "loaded::opens";
    a_library_that_is_linked: linked_dynamically, test("") => "user::uses";
    a_worker_process: isolated, test("") => "isolated::seen";

    what_another_cargo_has_set:
        plain,
        test("").from("plain")
            .env("CARGO_PKG_NAME", "outer").env("CARGO_PKG_VERSION", "9").env("OUT_DIR", "/outer")
            .env("CARGO_MANIFEST_DIR", "/outer").env("CARGO_BIN_EXE_outer", "/outer").env("CARGO_PRIMARY_PACKAGE", "1").env("CARGO_MAKEFLAGS", "")
        => "plain::first plain::second";
    folders_of_libraries_that_are_set_outside:
        plain, test("").from("plain").env(LIBRARIES, "/outer/lib:/other") => "plain::first plain::second";
    no_folders_of_libraries: plain, test("").from("plain").env(LIBRARIES, "")
        => "plain::first plain::second";
    variables_that_look_like_ours:
        plain, test("").from("plain").env("RUNNER", "x").env("MTRUN", "x").env("NEXTEST", "1")
        => "plain::first plain::second";
    variables_with_odd_values:
        plain, test("").from("plain").env("ODD", "a=b\n\"c\" ü %20").env("EMPTY", "")
        => "plain::first plain::second";
}

/// The variable by which the dynamic linker finds libraries.
const LIBRARIES: &str =
    if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };

fn seen(place: &Place, name: &str, more: &str) {
    place.root_package(name, &(tests(&["seen"]) + more));
    place.write("tests/seen.rs", &probe());
}

fn fields(place: &Place) {
    seen(place, "fields", "");
    let manifest = place.read("Cargo.toml");
    place.write("Cargo.toml", &manifest.replace("edition =", &format!("{FIELDS}edition =")));
    place.write("terms/LICENCE", "");
    place.write("docs/READ.md", "");
}

fn inherited(place: &Place) {
    let fields = FIELDS.replace("license-file = \"terms/LICENCE\"", "license = \"MIT\"");
    let fields = fields.replace("readme = \"docs/READ.md\"\n", "");
    place.workspace(
        "",
        &format!("members = [\"heir\"]\n[workspace.package]\nversion = \"1.2.3\"\n{fields}"),
    );
    place.member("heir", &tests(&["seen"]));
    let lines = ["version", "authors", "description", "license", "homepage", "rust-version"];
    let lines = lines.map(|field| format!("{field}.workspace = true\n")).concat();
    let manifest = place.read("heir/Cargo.toml").replace("version = \"0.1.0\"\n", &lines);
    place.write("heir/Cargo.toml", &manifest);
    place.write("heir/README.md", "");
    place.write("heir/tests/seen.rs", &probe());
}

fn version(place: &Place) {
    seen(place, "fields", "");
    place.write("Cargo.toml", &place.read("Cargo.toml").replace("0.1.0", "1.2.3-beta.4+five"));
}

/// A package with programs that its test may start.
fn beside(place: &Place) {
    let bin = "[[bin]]\nname = \"closed\"\nrequired-features = [\"extra\"]\n\
               [features]\ndefault = [\"extra\"]\nextra = []\n";
    seen(place, "beside", bin);
    for name in ["main", "bin/my-tool", "bin/closed"] {
        place.write(&format!("src/{name}.rs"), "fn main() {}");
    }
}

const BUILD_SCRIPT: &str = r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::create_dir_all(format!("{out}/libraries")).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=STAMPED=with = and \"quotes\"");
    println!("cargo::rustc-env=EMPTY=");
    println!("cargo::rustc-link-search=native={out}/libraries");
    println!("cargo::rustc-link-search={out}");
    println!("cargo::rustc-link-search=native=/usr/lib");
}
"#;

fn build_script(place: &Place) {
    seen(place, "built", "");
    place.write("build.rs", BUILD_SCRIPT);
    place.write("src/main.rs", &probe());
    place.write("examples/shown.rs", &probe());
}

fn build_script_below(place: &Place) {
    place.root_package("above", &("below = { path = \"below\" }\n".to_owned() + &tests(&["seen"])));
    place.write("tests/seen.rs", &probe());
    place.member("below", "");
    place.write("below/build.rs", BUILD_SCRIPT);
    place.write("below/src/lib.rs", "");
}

/// A program that loads the library of its package by its bare name.
const LOADS: &str = r#"
unsafe extern "C" {
    safe fn dlopen(name: *const std::ffi::c_char, flags: i32) -> *const u8;
}

#[concurra::task]
fn loads() {
    let name = format!("{}loaded{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let name = std::ffi::CString::new(name).unwrap();
    assert!(!dlopen(name.as_ptr(), 2).is_null(), "the library is not found");
}
"#;

fn loaded(place: &Place) {
    let more = "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n".to_owned() + &tests(&["loads"]);
    place.root_package("loaded", &more);
    place.write("src/lib.rs", "#[unsafe(no_mangle)] pub extern \"C\" fn loaded() -> i32 { 7 }");
    for file in ["tests/loads.rs", "examples/opens.rs"] {
        place.write(file, &(LOADS.to_owned() + &probe()));
    }
}

/// A program with a dynamic C library of a dependency.
fn linked_dynamically(place: &Place) {
    place.root_package("user", &("used = { path = \"used\" }\n".to_owned() + &tests(&["uses"])));
    place.write(
        "used/Cargo.toml",
        "[package]\nname = \"used\"\nversion = \"0.1.0\"\n[lib]\ncrate-type = [\"dylib\"]\n",
    );
    place.write("used/src/lib.rs", "pub fn seven() -> u32 { 7 }");
    let uses = "#[concurra::task] fn uses() { assert_eq!(used::seven(), 7); }\n".to_owned();
    place.write("tests/uses.rs", &(uses + &probe()));
}

fn isolated(place: &Place) {
    seen(place, "isolated", "");
    let text = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = text.join("tests/launcher/differential/probe.rs");
    let text = std::fs::read_to_string(text).expect("a file");
    let text = text.replace("#[concurra::task]", "#[concurra::task(isolate)]");
    place.write("tests/seen.rs", &(text + "concurra::main!();\n"));
}

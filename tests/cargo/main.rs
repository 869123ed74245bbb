//! Tasks in packages with every kind of target: under `cargo test` and nextest, and as
//! `registered!()` sees them.

mod libtest;
mod nextest;
mod registered;
#[path = "../support/mod.rs"]
mod support;

use support::cargo;

/// Where cargo puts a test target.
fn executable(target: &str, arguments: &[&str]) -> String {
    let build = ["--test", target, "--no-run", "--message-format=json"];
    let told = cargo("flows", &[&["test"], arguments, &build].concat()).exits(0).out;
    let name = format!(r#""name":"{target}""#);
    let built = told.split_once(&name).expect("cargo tells of the target").1;
    let path = built.split_once(r#""executable":""#).expect("cargo tells the path").1;
    path.split_once('"').expect("a JSON string").0.to_owned()
}

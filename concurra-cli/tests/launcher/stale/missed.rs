//! Inputs that a stamp once missed, each in a separate package.

use crate::support::{Place, task};

/// A task that prints an input of its build.
fn prints(value: &str) -> String {
    format!(
        "#[concurra::task]\nfn shows() {{ println!(\"«{{:?}}»\", {value}); }}\nconcurra::main!();\n"
    )
}

#[test]
fn a_variable_that_an_example_or_a_binary_reads() {
    let place = Place::new("missed-variable");
    place.root_package("shop", "");
    place.write("examples/shown.rs", &prints("option_env!(\"MISSED\")"));
    place.write("src/bin/printed.rs", &prints("option_env!(\"MISSED\")"));
    for target in ["shown", "printed"] {
        for value in ["one", "two", "one"] {
            let ran = place.mtrun(&[target]).env("MISSED", value).exits(0);
            ran.prints(&[&format!("«Some(\"{value}\")»")]);
        }
        place.mtrun(&[target]).exits(0).prints(&["«None»"]);
    }
}

#[test]
fn a_missing_file_that_a_build_script_watches_runs_it_each_time() {
    let place = Place::new("missed-file");
    place.root_package("shop", "");
    let script = "fn main() {\n    println!(\"cargo:rerun-if-changed=absent\");\n    \
                  println!(\"cargo:rustc-env=SEEN={}\", std::fs::read_to_string(\"count\").unwrap());\n}\n";
    place.write("build.rs", script);
    place.write("tests/flow.rs", &prints("env!(\"SEEN\")"));
    for count in ["1", "22", "333"] {
        place.write("count", count);
        place.mtrun(&["flow"]).exits(0).prints(&[&format!("«\"{count}\"»")]);
    }
}

#[test]
fn the_workspace_and_the_build_script_of_a_path_dependency_outside() {
    let place = Place::new("missed-outside");
    place.workspace("ws", "members = [\"dep\"]\n[workspace.package]\nversion = \"1.0.0\"\n");
    let manifest = "[package]\nname = \"dep\"\nversion.workspace = true\nedition = \"2024\"\n";
    place.write("ws/dep/Cargo.toml", manifest);
    let source = "pub const SEEN: (&str, Option<&str>) =\n    \
                  (env!(\"CARGO_PKG_VERSION\"), option_env!(\"SCRIPT\"));\n";
    place.write("ws/dep/src/lib.rs", source);
    place.package("shop", "dep = { path = \"../ws/dep\" }\n");
    place.write("shop/tests/flow.rs", &prints("dep::SEEN"));
    let shows = |text: &str| place.mtrun(&["flow"]).from("shop").exits(0).prints(&[text]);
    shows("«(\"1.0.0\", None)»");
    place.write("ws/Cargo.toml", &place.read("ws/Cargo.toml").replace("1.0.0", "1.1.0"));
    shows("«(\"1.1.0\", None)»");
    let script = "fn main() { println!(\"cargo:rustc-env=SCRIPT=yes\"); }\n";
    place.write("ws/dep/build.rs", script);
    shows("«(\"1.1.0\", Some(\"yes\"))»");
}

#[test]
fn a_source_that_changes_while_another_target_is_built() {
    let place = Place::new("missed-meanwhile");
    place.root_package("shop", "");
    place.write("src/lib.rs", "pub const TEXT: &str = \"one\";\n");
    place.write("tests/flow.rs", &prints("shop::TEXT"));
    place.write("examples/tour.rs", &task("tour", "tour"));
    // The first build, of the test, ends with a change of the library.
    let real = crate::support::toolchain().join("cargo");
    let library = place.path("src/lib.rs");
    let lines = format!(
        "'{real}' \"$@\"; code=$?\ncase \" $* \" in *' test '*)\n\
         echo 'pub const TEXT: &str = \"two\";' > '{library}';; esac\nexit $code",
        real = real.display(),
        library = library.display(),
    );
    let cargo = place.path("cargo");
    crate::support::script(&cargo, &lines);
    place.mtrun(&["flow", "tour"]).env("CARGO", &cargo).exits(0).prints(&["«\"one\"»"]);
    place.mtrun(&["flow", "tour"]).env("CARGO", &cargo).exits(0).prints(&["«\"two\"»"]);
}

/// Replaces a source by an older one, as `mv` does. Cargo compares times and finds nothing to do.
fn replace_by_older(place: &Place, name: &str, text: &str) {
    place.write("older.rs", text);
    let hour = std::time::Duration::from_secs(3600);
    let older = std::fs::File::options().write(true).open(place.path("older.rs")).expect("a file");
    older.set_modified(std::time::SystemTime::now() - hour).expect("a time");
    std::fs::rename(place.path("older.rs"), place.path(name)).expect("a rename");
}

#[test]
fn a_source_that_is_replaced_by_an_older_one() {
    let place = Place::new("missed-older");
    place.package("shop", "dep = { path = \"../dep\" }\n");
    place.package("dep", "");
    let library = |text: &str| format!("pub const TEXT: &str = {text:?};\n");
    place.write("shop/src/lib.rs", &library("one"));
    place.write("dep/src/lib.rs", &library("one"));
    place.write("shop/tests/flow.rs", &prints("(shop::TEXT, dep::TEXT)"));
    place.mtrun(&["shop/tests/flow.rs"]).exits(0).prints(&["«(\"one\", \"one\")»"]);
    replace_by_older(&place, "shop/src/lib.rs", &library("two"));
    // Also from another folder, where no stamp knows the source as it was.
    let ran = place.mtrun(&["flow"]).from("shop").exits(0).prints(&["«(\"two\", \"one\")»"]);
    ran.complains("shop/src/lib.rs`, whose time is old; building it anew\n");
    replace_by_older(&place, "dep/src/lib.rs", &library("two"));
    let ran = place.mtrun(&["shop/tests/flow.rs"]).exits(0);
    ran.prints(&["«(\"two\", \"two\")»"]).complains("dep/src/lib.rs`, whose time is old");
    let ran = place.mtrun(&["shop/tests/flow.rs"]).exits(0);
    ran.prints(&["«(\"two\", \"two\")»"]).lacks("whose time is old");
}

#[test]
fn a_file_that_a_build_script_watches_is_replaced_by_an_older_one() {
    let place = Place::new("missed-older-input");
    place.root_package("shop", "");
    let script = "fn main() {\n    println!(\"cargo:rerun-if-changed=input\");\n    \
                  println!(\"cargo:rustc-env=SEEN={}\", std::fs::read_to_string(\"input\").unwrap());\n}\n";
    place.write("build.rs", script);
    place.write("input", "one");
    place.write("tests/flow.rs", &prints("env!(\"SEEN\")"));
    place.mtrun(&["flow"]).exits(0).prints(&["«\"one\"»"]);
    replace_by_older(&place, "input", "two");
    let ran = place.mtrun(&["flow"]).exits(0).prints(&["«\"two\"»"]);
    ran.complains("input`, whose time is old");
}

//! Cargo's configuration: `[env]`, target folders, runners, platforms.

use super::layouts::{failing, plain, probe, shops, tests};
use super::row::{calls, test};
use super::rows;
use crate::support::{Place, script, triple};

const BOTH: &str = "mail::letters shop::orders";
const PLAIN: &str = "plain::first plain::second";

/// Variables of each form, of which the last is for a build as well.
const ENV: &str = r#"
[env]
SIMPLE = "configured"
LONG = { value = "configured at length" }
NEAR = { value = "some/folder", relative = true }
STRONG = { value = "forced", force = true }
WEAK = { value = "not forced", force = false }
"#;

rows! {
    variables_of_the_configuration: |place| configured(place, "plain", ENV), test("").from("plain")
        => PLAIN;
    variables_that_are_set_outside_too:
        |place| configured(place, "plain", ENV),
        test("").from("plain").env("SIMPLE", "outside").env("STRONG", "outside").env("WEAK", "outside")
        => PLAIN;
    an_empty_variable_that_is_set_outside:
        |place| configured(place, "plain", ENV), test("").from("plain").env("SIMPLE", "").env("LONG", "")
        => PLAIN;
    variables_of_a_configuration_above: |place| configured(place, "", ENV), test("").from("plain")
        => PLAIN;
    variables_of_a_configuration_below:
        |place| configured(place, "plain/tests", ENV), test("").from("plain/tests") => PLAIN;
    variables_of_two_configurations: two_configurations, test("").from("plain/tests") => PLAIN;
    variables_in_dotted_keys:
        |place| configured(place, "plain", "env.DOTTED = \"yes\"\n\"env\".'QUOTED' = \"yes\"\n"),
        test("").from("plain") => PLAIN;
    variables_of_an_included_configuration: included, test("").from("plain") => PLAIN;
    variables_for_a_binary: tool_with_variables, calls("--bins", &["run"]) => "tool::tool";

    a_relative_target_folder: plain_at_root, test("").env("CARGO_TARGET_DIR", "t").builds_in("t")
        => PLAIN;
    a_relative_target_folder_for_a_named_file:
        plain_at_root,
        calls("tests/first.rs", &["test --test first"]).env("CARGO_TARGET_DIR", "t").builds_in("t")
        => "plain::first";
    a_relative_target_folder_from_the_tests:
        plain_at_root,
        test("").from("tests").env("CARGO_TARGET_DIR", "t").builds_in("tests/t") => PLAIN;
    a_relative_target_folder_of_a_workspace:
        shops, test("").env("CARGO_TARGET_DIR", "t").builds_in("t") => BOTH;
    a_relative_target_folder_from_a_member:
        shops, test("").from("shop").env("CARGO_TARGET_DIR", "t").builds_in("shop/t")
        => "shop::orders";
    a_relative_target_folder_for_the_file_of_a_member:
        shops,
        calls("shop/tests/orders.rs", &["test -p shop --test orders"])
            .env("CARGO_TARGET_DIR", "t").builds_in("t")
        => "shop::orders";
    a_relative_target_folder_for_a_file_beside:
        shops,
        calls("../shop/tests/orders.rs", &["test -p shop --test orders"])
            .from("mail").env("CARGO_TARGET_DIR", "t").builds_in("mail/t")
        => "shop::orders";
    a_relative_target_folder_for_a_package:
        shops, test("-p shop").env("CARGO_TARGET_DIR", "t").builds_in("t") => "shop::orders";
    a_relative_target_folder_above:
        shops, test("").from("shop").env("CARGO_TARGET_DIR", "../t").builds_in("t")
        => "shop::orders";
    a_relative_target_folder_as_an_option:
        shops, test("--target-dir t").from("shop").builds_in("shop/t") => "shop::orders";
    a_relative_build_folder_of_the_environment:
        shops, test("").from("shop").env("CARGO_BUILD_TARGET_DIR", "t").builds_in("shop/t")
        => "shop::orders";
    a_target_folder_of_the_configuration:
        |place| { shops(place); configured_only(place, "", "[build]\ntarget-dir = \"built\"\n") },
        test("").from("shop").builds_in("built") => "shop::orders";
    a_target_folder_of_the_configuration_for_a_named_file:
        |place| { shops(place); configured_only(place, "", "build.target-dir = \"built\"\n") },
        calls("shop/tests/orders.rs", &["test -p shop --test orders"]).builds_in("built")
        => "shop::orders";
    the_target_folder_of_the_workspace: shops, test("").from("mail").builds_in("target")
        => "mail::letters";

    a_platform: |place| { place.build_for_platform(); plain(place) },
        test(&format!("--target {}", triple())).from("plain") => PLAIN;
    a_platform_of_the_configuration: configured_platform, test("").from("plain") => PLAIN;
    a_platform_of_the_environment: |place| { place.build_for_platform(); plain(place) },
        test("").from("plain").env("CARGO_BUILD_TARGET", &triple()) => PLAIN;

    a_runner_for_a_platform:
        |place| runner(place, &format!("[target.{}]\nrunner = \"{{run}}\"\n", triple())),
        test("").from("plain") => PLAIN;
    a_runner_for_a_condition:
        |place| runner(place, "[target.'cfg(unix)']\nrunner = [\"{run}\"]\n"),
        test("").from("plain") => PLAIN;
    a_runner_for_a_condition_that_does_not_hold:
        |place| runner(place, "[target.'cfg(windows)']\nrunner = [\"{run}\"]\n"),
        test("").from("plain") => PLAIN;
    a_runner_with_arguments:
        |place| runner(place, "[target.'cfg(all())']\nrunner = [\"env\", \"RUNNER=arguments\"]\n"),
        test("").from("plain") => PLAIN;
    a_runner_in_one_text:
        |place| runner(place, "[target.'cfg(unix)']\nrunner = \"env RUNNER=text\"\n"),
        test("").from("plain") => PLAIN;
    a_runner_by_a_relative_path:
        |place| runner(place, "[target.'cfg(unix)']\nrunner = \"tools/run\"\n"),
        test("").from("plain/tests") => PLAIN;
    a_runner_of_the_environment: |place| runner(place, ""),
        test("").from("plain").env(&runner_variable(), "env RUNNER=environment") => PLAIN;
    a_runner_of_the_environment_before_that_of_the_configuration:
        |place| runner(place, "[target.'cfg(unix)']\nrunner = \"{run}\"\n"),
        test("").from("plain").env(&runner_variable(), "env RUNNER=environment") => PLAIN;
    a_runner_in_quoted_and_dotted_keys:
        |place| runner(place, "\"target\".\"cfg(unix)\" . 'runner' = \"{run}\"\n"),
        test("").from("plain") => PLAIN;
    a_runner_of_an_included_configuration: included_runner, test("").from("plain") => PLAIN;
    a_runner_for_an_example: runner_for_an_example, calls("--examples", &["run --example shown"])
        => "tool::shown";
    a_runner_of_a_failing_program: failing_under_a_runner, test("").from("plain").fails() => PLAIN;
    a_runner_beside_variables:
        |place| runner(place, &format!("[target.'cfg(unix)']\nrunner = \"{{run}}\"\n{ENV}")),
        test("").from("plain") => PLAIN;
}

/// The package in the folder `plain`, with a configuration in another folder.
fn configured(place: &Place, folder: &str, text: &str) {
    plain(place);
    configured_only(place, folder, text);
}

fn configured_only(place: &Place, folder: &str, text: &str) {
    let file = std::path::Path::new(folder).join(".cargo/config.toml");
    place.write(file.to_str().expect("a name"), text);
}

fn two_configurations(place: &Place) {
    configured(place, "plain", ENV);
    configured_only(
        place,
        "plain/tests",
        "[env]\nSIMPLE = \"nearer\"\nNEAR = { value = \"x\", relative = true }\n",
    );
}

fn included(place: &Place) {
    configured(place, "plain", "\"include\" = [ { path = \"more.toml\" } ]\n");
    place.write("plain/.cargo/more.toml", ENV);
}

fn tool_with_variables(place: &Place) {
    place.root_package("tool", "");
    place.write("src/main.rs", &probe());
    configured_only(place, "", ENV);
}

fn plain_at_root(place: &Place) {
    place.root_package("plain", &tests(&["first"]));
    place.write("tests/first.rs", &probe());
    place.write("tests/second.rs", &probe());
}

fn configured_platform(place: &Place) {
    place.build_for_platform();
    configured(place, "plain", &format!("[build]\ntarget = {:?}\n", triple()));
}

/// The package `plain` with a program that starts others; `{run}` in the configuration is its path.
fn runner(place: &Place, text: &str) {
    let run = place.path("plain/tools/run");
    script(&run, "RUNNER=script exec \"$@\"");
    configured(place, "plain", &text.replace("{run}", &run.display().to_string()));
}

fn included_runner(place: &Place) {
    runner(place, "include = [\"more.toml\"]\n");
    let text = "[target.'cfg(unix)']\nrunner = \"env RUNNER=included\"\n";
    place.write("plain/.cargo/more.toml", text);
}

fn runner_for_an_example(place: &Place) {
    place.root_package("tool", "");
    place.write("src/lib.rs", "");
    place.write("examples/shown.rs", &probe());
    configured_only(place, "", "[target.'cfg(unix)']\nrunner = \"env RUNNER=example\"\n");
}

fn failing_under_a_runner(place: &Place) {
    runner(place, "[target.'cfg(unix)']\nrunner = \"{run}\"\n");
    place.write("plain/tests/first.rs", &failing());
}

/// The variable by which a runner is set for this platform.
fn runner_variable() -> String {
    format!("CARGO_TARGET_{}_RUNNER", triple().to_uppercase().replace('-', "_"))
}

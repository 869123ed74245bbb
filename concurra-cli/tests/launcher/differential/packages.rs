//! The choice of packages: by the current folder, and by package specs.

use super::layouts::{failing, nested, nested_with_defaults, plain, plain_in, probe, shops};
use super::layouts::{shops_with, shops_with_a_default, tests};
use super::row::{calls, test};
use super::rows;
use crate::support::Place;

const BOTH: &str = "mail::letters shop::orders";

rows! {
    one_package: plain, test("").from("plain") => "plain::first plain::second";
    one_package_from_its_tests: plain, test("").from("plain/tests") => "plain::first plain::second";
    a_root_without_a_package: shops, test("") => BOTH;
    a_root_with_default_members: shops_with_a_default, test("") => "mail::letters";
    from_a_member: shops, test("").from("shop") => "shop::orders";
    from_the_tests_of_a_member: shops, test("").from("shop/tests") => "shop::orders";
    from_a_member_outside_the_defaults: shops_with_a_default, test("").from("shop") => "shop::orders";
    a_root_package_with_members: nested, test("") => "top::top_test";
    a_root_package_among_the_defaults:
        nested_with_defaults, test("") => "inner::inner_test top::top_test";
    from_the_tests_of_a_root_package: nested, test("").from("tests") => "top::top_test";
    from_a_member_inside_a_root_package: nested, test("").from("outer") => "outer::outer_test";
    from_a_member_inside_a_member: nested, test("").from("outer/inner") => "inner::inner_test";
    from_a_folder_between: between, test("").from("members") => BOTH;

    the_whole_workspace: nested, test("--workspace")
        => "inner::inner_test outer::outer_test top::top_test";
    the_whole_workspace_from_a_member: shops_with_a_default, test("--workspace").from("shop") => BOTH;
    all_but_one: shops, test("--workspace --exclude mail") => "shop::orders";
    all_but_a_pattern: shops, test("--workspace --exclude=m*l") => "shop::orders";
    all_but_two: nested, test("--workspace --exclude inner --exclude top@0.1.0")
        => "outer::outer_test";
    all_but_a_missing_one: shops, test("--workspace --exclude nowhere") => BOTH;
    one_left_out_without_a_workspace: shops, test("--exclude mail").fails() => "";

    a_package_by_name: shops, test("-p shop") => "shop::orders";
    a_package_by_name_in_one_word: shops, test("-pshop") => "shop::orders";
    a_package_from_another: shops, test("--package mail").from("shop") => "mail::letters";
    two_packages: nested, test("-p inner -p top") => "inner::inner_test top::top_test";
    a_package_twice: shops, test("-p shop -p shop@0.1.0") => "shop::orders";
    packages_by_a_pattern: shops, test("-p sh*") => "shop::orders";
    packages_by_a_pattern_of_one_letter: shops, test("-p sho?") => "shop::orders";
    packages_by_a_set_of_letters: shops, test("-p [ms]*") => BOTH;
    a_pattern_that_fits_none: shops, test("-p z*").fails() => "";
    a_package_with_a_colon_and_a_version: shops, test("-p shop:0.1.0") => "shop::orders";
    a_package_with_a_version: shops, test("-p shop@0.1.0") => "shop::orders";
    a_package_with_a_part_of_a_version: shops, test("-p shop@0.1") => "shop::orders";
    a_package_with_another_version: shops, test("-p shop@9").fails() => "";
    a_package_with_another_version_after_a_colon: shops, test("-p shop:9").fails() => "";
    a_package_with_no_version: shops, test("-p shop@x").fails() => "";
    a_package_by_url: shops, test("-p path+file://{here}/shop#0.1.0") => "shop::orders";
    a_package_by_url_and_name: shops, test("-p path+file://{here}/shop#shop@0.1.0")
        => "shop::orders";
    a_package_by_url_without_more: shops, test("-p file://{here}/shop") => "shop::orders";
    a_package_by_url_with_another_version: shops, test("-p path+file://{here}/shop#9.0.0").fails()
        => "";
    a_missing_package: shops, test("-p nowhere").fails() => "";
    an_existing_package_and_a_missing_one: shops, test("-p shop -p nowhere").fails() => "";

    a_manifest_from_elsewhere: shops, test("--manifest-path mail/Cargo.toml") => "mail::letters";
    the_manifest_of_a_root: shops_with_a_default, test("--manifest-path ../Cargo.toml").from("shop")
        => "mail::letters";
    one_manifest_and_another_package: shops, test("--manifest-path mail/Cargo.toml -p shop")
        => "shop::orders";

    one_that_fails_among_others: one_fails, test("").fails() => BOTH;
    one_that_does_not_compile: one_is_broken, test("").fails() => "";
    one_of_the_default_that_compiles: one_is_broken, test("-p shop") => "shop::orders";

    a_folder_with_a_blank: |place| plain_in(place, "two words"), test("").from("two words/tests")
        => "plain::first plain::second";
    a_folder_with_a_percent_sign: |place| plain_in(place, "a%20b"), test("").from("a%20b")
        => "plain::first plain::second";
    a_folder_beyond_ascii: |place| plain_in(place, "bücher/注文"), test("").from("bücher/注文/tests")
        => "plain::first plain::second";
    a_folder_with_quotes: |place| plain_in(place, "it's \"so\""), test("").from("it's \"so\"")
        => "plain::first plain::second";
    a_link_to_a_package: linked, test("").from("link") => "plain::first plain::second";
    a_link_to_a_folder_of_a_package: linked, test("").from("inside") => "plain::first plain::second";
    a_member_that_is_a_link: linked_member, test("").from("root")
        => "plain::first plain::second";
    a_file_through_a_link: linked, calls("link/tests/first.rs", &["test --manifest-path plain/Cargo.toml --test first"])
        => "plain::first";
}

/// Two members in a folder that is not a package.
fn between(place: &Place) {
    place.workspace("", "members = [\"members/*\"]");
    for (name, test) in [("shop", "orders"), ("mail", "letters")] {
        place.member(&format!("members/{name}"), &tests(&[test]));
        place.write(&format!("members/{name}/tests/{test}.rs"), &probe());
    }
}

fn one_fails(place: &Place) {
    shops(place);
    place.write("mail/tests/letters.rs", &failing());
}

fn one_is_broken(place: &Place) {
    shops_with(place, "");
    place.write(
        "mail/tests/letters.rs",
        "#[concurra::task] fn broken() { nothing }\nconcurra::main!();",
    );
}

fn linked(place: &Place) {
    plain(place);
    std::os::unix::fs::symlink("plain", place.path("link")).expect("a link");
    std::os::unix::fs::symlink("plain/tests", place.path("inside")).expect("a link");
}

/// A workspace whose member lies elsewhere and is there by a link.
fn linked_member(place: &Place) {
    place.workspace("root", "members = [\"linked\"]");
    plain_in(place, "elsewhere/plain");
    let manifest = place.read("elsewhere/plain/Cargo.toml").replace("[workspace]\n", "");
    place.write("elsewhere/plain/Cargo.toml", &manifest);
    std::os::unix::fs::symlink("../elsewhere/plain", place.path("root/linked")).expect("a link");
}

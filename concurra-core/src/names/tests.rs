//! Where declared tasks are found from, by name.

use super::{Found, Home, Names, Position};
use crate::plan::tests::declared;
use crate::task::Task;

/// The tasks of a binary `app`, of its library of the same name, and of two other crates.
const DECLARED: &[(&str, Option<&str>, &str)] = &[
    ("app", Some("app"), "load"),
    ("app::db", Some("app"), "load"),
    ("app::db::schema", Some("app"), "migrate"),
    ("app::db", Some("app"), "seed"),
    ("app::r#async", Some("app"), "r#fn"),
    ("app", None, "load"),
    ("app::db", None, "only_in_lib"),
    ("one", None, "shared"),
    ("one::web", None, "serve"),
    ("two", None, "shared"),
    ("app::web", Some("app"), "serve"),
    ("app", Some("app"), "top"),
];

const HOME: Home = Home { krate: "app", target: Some("app"), hidden: None };

fn tasks(home: Option<&Home>) -> Vec<Task> {
    let task = |(module, binary, name): &(&'static str, Option<&'static str>, &'static str)| {
        declared(module, *binary, name, home)
    };
    DECLARED.iter().map(task).collect()
}

fn names_of(home: Option<&Home>) -> Vec<String> {
    tasks(home).into_iter().map(|task| task.name).collect()
}

/// What a name in `after` of a declared task leads to, by the names that the tasks have.
fn from(of: &str, name: &str) -> Result<String, Vec<String>> {
    let tasks = tasks(Some(&HOME));
    let names = Names::new(&tasks, Some(HOME));
    let of = tasks.iter().find(|task| task.name == of).expect("a task of this name");
    match names.dependency(of, name) {
        Found::One(found) => Ok(tasks[found].name.clone()),
        Found::Several(found) => Err(names.names_of(&found)),
        Found::None => Err(Vec::new()),
    }
}

#[test]
fn names_are_paths_without_the_home_crate() {
    assert_eq!(
        names_of(Some(&HOME)),
        [
            "load",
            "db::load",
            "db::schema::migrate",
            "db::seed",
            "async::fn",
            "app::load",
            "app::db::only_in_lib",
            "one::shared",
            "one::web::serve",
            "two::shared",
            "web::serve",
            "top",
        ]
    );
    assert_eq!(names_of(None)[..3], ["app::load", "app::db::load", "app::db::schema::migrate"]);
}

#[test]
fn a_dependency_is_looked_for_from_its_module_outward() {
    for (of, name, found) in [
        ("db::schema::migrate", "load", "db::load"),
        ("db::schema::migrate", "seed", "db::seed"),
        ("db::schema::migrate", "top", "top"),
        ("db::seed", "load", "db::load"),
        ("top", "load", "load"),
        ("web::serve", "load", "load"),
        ("top", "db::load", "db::load"),
        ("db::seed", "schema::migrate", "db::schema::migrate"),
        ("db::seed", "db::schema::migrate", "db::schema::migrate"),
        ("web::serve", "db::schema::migrate", "db::schema::migrate"),
        // Within its own crate a library's task means the library's.
        ("app::db::only_in_lib", "load", "app::load"),
    ] {
        assert_eq!(from(of, name), Ok(found.to_owned()), "`{name}` in {of}");
    }
    for (of, name) in [("top", "migrate"), ("top", "schema::migrate"), ("load", "seed")] {
        assert_eq!(from(of, name), Err(vec![]), "`{name}` in {of} is not looked for inward");
    }
}

#[test]
fn an_added_task_names_whole_names_and_crates() {
    let find = |home: Option<Home>, name: &str| {
        let mut tasks = tasks(home.as_ref());
        tasks.push(Task::added("by hand::load".to_owned()));
        let names = Names::new(&tasks, home);
        match names.dependency(&Task::added("x".to_owned()), name) {
            Found::One(found) => Some(tasks[found].name.clone()),
            Found::Several(_) | Found::None => None,
        }
    };
    for (name, found) in [
        ("load", Some("load")),
        ("db::load", Some("db::load")),
        ("crate::db::load", Some("db::load")),
        ("app::db::seed", Some("db::seed")),
        // As in the home crate, where this is the library's.
        ("app::load", Some("app::load")),
        ("one::web::serve", Some("one::web::serve")),
        ("r#async::r#fn", Some("async::fn")),
        ("by hand::load", Some("by hand::load")),
        ("migrate", None),
        ("schema::migrate", None),
        ("only_in_lib", None),
        ("shared", None),
    ] {
        assert_eq!(find(Some(HOME), name).as_deref(), found, "`{name}`");
    }
    assert_eq!(find(None, "app::db::load").as_deref(), Some("app::db::load"));
    assert_eq!(find(None, "db::load"), None);
}

#[test]
fn anchored_paths_are_found_at_their_anchor_alone() {
    for (of, name, found) in [
        ("db::schema::migrate", "crate::load", Some("load")),
        ("db::schema::migrate", "super::load", Some("db::load")),
        ("db::schema::migrate", "super::super::load", Some("load")),
        ("db::schema::migrate", "self::super::seed", Some("db::seed")),
        ("db::seed", "self::load", Some("db::load")),
        ("db::seed", "self::schema::migrate", Some("db::schema::migrate")),
        ("db::seed", "super::web::serve", Some("web::serve")),
        ("db::schema::migrate", "self::load", None),
        ("db::seed", "crate::seed", None),
        ("db::seed", "super::super::load", None),
        ("top", "super::load", None),
        ("app::db::only_in_lib", "crate::load", Some("app::load")),
    ] {
        assert_eq!(from(of, name).ok().as_deref(), found, "`{name}` in {of}");
    }
}

#[test]
fn other_crates_are_found_by_their_name() {
    for (of, name, found) in [
        ("top", "one::shared", "one::shared"),
        ("top", "two::shared", "two::shared"),
        ("db::seed", "one::web::serve", "one::web::serve"),
        ("one::shared", "two::shared", "two::shared"),
        ("one::shared", "web::serve", "one::web::serve"),
        ("one::web::serve", "shared", "one::shared"),
        ("top", "app::db::only_in_lib", "app::db::only_in_lib"),
        // A crate's own name in front of its own task.
        ("db::seed", "app::top", "top"),
    ] {
        assert_eq!(from(of, name), Ok(found.to_owned()), "`{name}` in {of}");
    }
    assert_eq!(from("top", "shared"), Err(vec![]), "another crate's task needs its name");
}

#[test]
fn a_crate_name_that_library_and_binary_share_means_the_library() {
    // As in Rust, where `app::load` in the binary is the library's.
    for of in ["top", "db::seed", "one::shared", "app::db::only_in_lib"] {
        assert_eq!(from(of, "app::load"), Ok("app::load".to_owned()), "in {of}");
    }
}

#[test]
fn raw_identifiers_are_found_with_and_without_their_mark() {
    for name in ["async::fn", "r#async::r#fn", "async::r#fn", "crate::r#async::fn"] {
        assert_eq!(from("top", name), Ok("async::fn".to_owned()), "{name}");
    }
    let task = |name: &'static str| declared("r#type", None, name, None);
    let (tasks, home) = ([task("r#match"), task("b")], Home { krate: "r#type", ..HOME });
    assert_eq!(tasks[0].name, "type::match");
    let names = Names::new(&tasks, Some(home));
    assert_eq!(names.dependency(&tasks[1], "r#match"), Found::One(0));
}

#[test]
fn a_hidden_module_is_no_part_of_names() {
    let home = Home { krate: "scratch", target: Some("scratch"), hidden: Some("file") };
    let binary = Some("scratch");
    let position = |module| Position::new(module, binary, Some(&home)).name("load", Some(&home));
    assert_eq!(position("scratch::file"), "load");
    assert_eq!(position("scratch::file::db"), "db::load");
    assert_eq!(position("scratch::file::file"), "file::load");
    assert_eq!(position("scratch::db"), "db::load");
    assert_eq!(position("scratch"), "load");
    assert_eq!(position("other::file"), "other::file::load", "it is hidden in the home alone");
    let tasks = [
        declared("scratch::file", binary, "load", Some(&home)),
        declared("scratch::file::db", binary, "seed", Some(&home)),
    ];
    let names = Names::new(&tasks, Some(home));
    for name in ["load", "crate::load", "super::load"] {
        assert_eq!(names.dependency(&tasks[1], name), Found::One(0), "{name}");
    }
}

#[test]
fn by_hand_a_whole_name_or_an_only_suffix_is_enough() {
    let tasks = tasks(Some(&HOME));
    let names = Names::new(&tasks, Some(HOME));
    let find = |name| match names.task(name) {
        Found::One(found) => vec![tasks[found].name.as_str()],
        Found::Several(found) => found.iter().map(|at| tasks[*at].name.as_str()).collect(),
        Found::None => vec![],
    };
    assert_eq!(find("load"), ["load"], "a whole name before suffixes");
    assert_eq!(find("migrate"), ["db::schema::migrate"]);
    assert_eq!(find("schema::migrate"), ["db::schema::migrate"]);
    assert_eq!(find("shared"), ["one::shared", "two::shared"]);
    assert_eq!(find("serve"), ["one::web::serve", "web::serve"]);
    assert_eq!(find("web::serve"), ["web::serve"]);
    assert!(find("grate").is_empty(), "a suffix is of whole segments");
    assert!(find("").is_empty() && find("::load").is_empty());
    assert_eq!(names.near("migrat"), ["db::schema::migrate"]);
    assert!(names.duplicates().is_empty());
}

#[test]
fn two_tasks_of_one_crate_and_name_are_duplicates_and_found_together() {
    let tasks: Vec<Task> = (0..2).map(|_| declared("app", None, "load", None)).collect();
    let names = Names::new(&tasks, None);
    assert_eq!(names.duplicates(), [&[0, 1]]);
    assert_eq!(names.task("app::load"), Found::Several(vec![0, 1]));
}

#[test]
fn a_task_in_a_module() {
    let tasks = tasks(Some(&HOME));
    let names = Names::new(&tasks, Some(HOME));
    let inside = |module, name| names.inside(module, name).map(|index| tasks[index].name.clone());
    assert_eq!(inside("db", "load").as_deref(), Some("db::load"));
    assert_eq!(inside("db", "migrate").as_deref(), Some("db::schema::migrate"));
    assert_eq!(inside("web", "serve").as_deref(), Some("web::serve"));
    assert_eq!(inside("db", "serve"), None);
    assert_eq!(inside("d", "load"), None);
}

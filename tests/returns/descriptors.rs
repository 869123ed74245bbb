//! What descriptors say of what was written.

use concurra::__private::Registration;

use crate::{def, registered};

mod within {
    #[concurra::task(after = ["a", "b::c"], tags = ["x"], ignore = "why")]
    fn described() {}
}

concurra::link!(concurra_core, anyhow = "their_own_name");

#[test]
fn links_are_registered_by_the_names_of_their_crates() {
    let links = registered(|registration| match registration {
        Registration::Link(def) => Some(def().krate),
        _ => None,
    });
    let mut names: Vec<&str> = links.collect();
    names.sort_unstable();
    assert_eq!(names, ["concurra_core", "their_own_name"]);
}

#[test]
fn descriptors_say_what_was_written() {
    let def = def("described");
    assert_eq!(def.module, "returns::descriptors::within");
    assert_eq!(def.target, Some("(test)"));
    assert_eq!(def.place.file, file!());
    let line = include_str!("descriptors.rs").lines().nth(def.place.line as usize - 1);
    assert_eq!(line, Some("    fn described() {}"));
    assert_eq!(def.place.column, 8);
    assert_eq!((def.after, def.tags), (&["a", "b::c"][..], &["x"][..]));
    assert_eq!(def.ignore, Some("why"));
}

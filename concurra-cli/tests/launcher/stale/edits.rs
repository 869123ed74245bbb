//! The edits: each is a name and a change of the world.

use super::world::{Style, World};

/// Changes the world; the number is another each time.
type Change = fn(&mut World, u32);

fn flip(set: &mut Option<u32>, number: u32) {
    *set = if set.is_some() { None } else { Some(500 + number) };
}

pub(super) const EDITS: &[(&str, Change)] = &[
    ("the library", |world, number| world.set("lib", number)),
    ("a module of the library", |world, number| world.set("inner", number)),
    ("a module in another place", |world, _| world.inner_in_folder = !world.inner_in_folder),
    ("the same module there", |world, number| world.set("inner", number)),
    ("a module of the test", |world, number| world.set("helper", number)),
    ("the test", |world, number| world.set("root", number)),
    ("a text that is included", |world, number| world.set("text", number)),
    ("a source that is included from outside", |world, number| world.set("outside", number)),
    ("a source behind a link", |world, number| world.set("linked", number)),
    ("a file that the build script reads", |world, number| world.set("input", number)),
    ("the same file again", |world, number| world.set("input", number + 50)),
    ("the build script", |world, number| world.set("script", number)),
    ("a dependency", |world, number| world.set("part", number)),
    ("a module of a dependency", |world, number| world.set("part_inner", number)),
    ("a file that a dependency's build script reads", |world, number| {
        world.set("part_input", number)
    }),
    ("a dependency of a dependency", |world, number| world.set("deep", number)),
    ("a program beside the test", |world, number| world.set("tool", number)),
    ("a file in a folder that is watched", |world, number| world.set("folder", number)),
    ("a file that no build script names", |world, number| world.set("notes", number)),
    ("a variable that the test reads", |world, number| flip(&mut world.plain, number)),
    ("a variable that the build script reads", |world, number| flip(&mut world.build, number)),
    ("the same variable again", |world, number| flip(&mut world.build, number)),
    ("a feature of the command line", |world, _| world.feature_asked = !world.feature_asked),
    ("a feature by default", |world, _| world.feature_default = !world.feature_default),
    ("the profile in the manifest", |world, _| world.profile_here = !world.profile_here),
    ("the profile in the configuration", |world, _| {
        world.profile_configured = !world.profile_configured
    }),
    ("a variable of the configuration", |world, number| world.near = Some(600 + number)),
    ("the same in dotted keys", |world, number| {
        world.style = Style::Dotted;
        world.near = Some(600 + number);
    }),
    ("the same in quoted keys", |world, number| {
        world.style = Style::Quoted;
        world.near = Some(600 + number);
    }),
    ("no such variable", |world, _| world.near = None),
    ("a variable of the configuration above", |world, number| flip(&mut world.above, number)),
    ("a configuration that is included", |world, number| world.included = Some(700 + number)),
    ("the same with another value", |world, number| world.included = Some(700 + number)),
    ("nothing included", |world, _| world.included = None),
    ("a new test", |world, number| _ = world.more.insert(format!("new_{number}"))),
    ("a new test in a folder", |world, number| {
        _ = world.more.insert(format!("deep_{number}/main"))
    }),
    ("a test that goes", |world, _| drop(world.more.pop_first())),
    ("a test with another name", |world, number| world.test = format!("flow_{number}")),
    ("another version", |world, number| world.version = number),
    ("flags of the environment", |world, _| world.flags_set = !world.flags_set),
    ("flags of the configuration", |world, _| world.flags_configured = !world.flags_configured),
    ("flags of the environment again", |world, _| world.flags_set = !world.flags_set),
    ("flags of the configuration again", |world, _| {
        world.flags_configured = !world.flags_configured
    }),
    ("programs that are removed", |world, _| world.remove_programs()),
    ("files that only look new", |world, _| world.touch()),
    ("nothing at all", |_, _| {}),
];

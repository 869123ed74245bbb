//! After any edit `mtrun` runs the same programs as after a build from scratch. Without a change
//! it starts no cargo.
//!
//! A world is a package with everything that a build may depend on. An edit changes the world's
//! values, the test writes the files from these, and the package's task prints the inputs of its
//! build.

mod edits;
mod missed;
mod world;

use std::fmt::Write;
use std::ops::Range;

use edits::EDITS;
use world::{Watching, World};

/// Numbers that look random and are the same for one seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

/// How many edits a seed makes.
const EDITS_A_SEED: usize = 12;

/// The seeds to try: those of the variable `STALE_SEEDS`, as in `100..200`, or these.
fn seeds(few: Range<u64>) -> Range<u64> {
    let Ok(text) = std::env::var("STALE_SEEDS") else { return few };
    let (first, end) = text.split_once("..").expect("a range such as 100..200");
    first.parse().expect("a number")..end.parse().expect("a number")
}

/// Makes an edit, and notes the mistakes that `mtrun` then makes.
fn make(world: &mut World, edit: usize, number: u32, wrong: &mut String) {
    let (name, change) = EDITS[edit];
    change(world, number);
    world.write();
    if let Err(problem) = world.check() {
        let _ = writeln!(wrong, "after `{name}`: {problem}");
    }
}

#[track_caller]
fn random(name: &str, watching: Watching, few: Range<u64>) {
    for seed in seeds(few) {
        let mut world = World::new(&format!("{name}-{seed}"), watching);
        let mut draws = Draws(seed);
        let mut wrong = String::new();
        for number in 0..EDITS_A_SEED {
            let edit = draws.below(EDITS.len());
            let number = u32::try_from(number).expect("few edits");
            make(&mut world, edit, number, &mut wrong);
        }
        assert!(wrong.is_empty(), "seed {seed}:\n{wrong}");
    }
}

#[test]
fn every_edit_in_turn() {
    let mut world = World::new("stale-turn", Watching::Files);
    let mut wrong = String::new();
    for edit in 0..EDITS.len() {
        make(&mut world, edit, u32::try_from(edit).expect("few edits"), &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn random_edits() {
    random("stale-random", Watching::Files, 0..2);
}

#[test]
fn random_edits_where_build_scripts_watch_folders() {
    random("stale-folders", Watching::Folders, 10..12);
}

//! Scratch files of equal names.

use super::{TEXTS, headings_fit, prints_only};
use crate::support::{Place, task};

const ONE: &str = "one/job.rs";
const TWO: &str = "two/job.rs";

/// A file whose task prints a text; without `main!` it becomes a module of a written root.
fn job(text: &str) -> String {
    format!("#[concurra::task]\nfn job() {{\n    println!(\"{text}\");\n}}\n")
}

fn two_files(name: &str) -> Place {
    let place = Place::new(name);
    place.write(ONE, &job(TEXTS[0]));
    place.write(TWO, &job(TEXTS[1]));
    place
}

#[track_caller]
fn each(place: &Place, files: &[&str]) {
    for file in files {
        let text = if *file == ONE { TEXTS[0] } else { TEXTS[1] };
        prints_only(place.mtrun(&[file]).run(), text);
    }
}

#[test]
fn of_one_name_in_all_orders() {
    let place = two_files("scratch-orders");
    each(&place, &[ONE, TWO, ONE, ONE, TWO, TWO, ONE]);
    let both = place.mtrun(&[ONE, TWO]).run();
    headings_fit(&both, &[(ONE, TEXTS[0]), (TWO, TEXTS[1])]);
    let both = place.mtrun(&[TWO, ONE]).run();
    headings_fit(&both, &[(TWO, TEXTS[1]), (ONE, TEXTS[0])]);
    each(&place, &[TWO, ONE]);
}

#[test]
fn of_one_name_without_a_target_folder_of_the_person() {
    let place = two_files("scratch-hidden");
    // Their target folder has builds of their dependencies, as far as a test can know.
    place.built(&place.cache().join("concurra/scratch/target"));
    for file in [ONE, TWO, ONE, TWO] {
        let text = if file == ONE { TEXTS[0] } else { TEXTS[1] };
        let ran = place.mtrun(&[file]).without("CARGO_TARGET_DIR").run();
        prints_only(ran, text);
    }
}

#[test]
fn of_one_name_of_which_one_was_changed() {
    let place = two_files("scratch-changed");
    each(&place, &[ONE, TWO]);
    place.write(ONE, "#[concurra::task]\nfn job() { panic!(\"on purpose\"); }\n");
    for _ in 0..2 {
        place.mtrun(&[ONE]).exits(100).ended("FAIL job").prints(&["on purpose"]);
        each(&place, &[TWO]);
    }
    place.write(ONE, &job(TEXTS[0]));
    each(&place, &[TWO, ONE, TWO]);
}

#[test]
fn of_one_name_with_and_without_main() {
    let place = two_files("scratch-mains");
    for files in [[ONE, TWO], [TWO, ONE]] {
        place.write(files[0], &task("job", if files[0] == ONE { TEXTS[0] } else { TEXTS[1] }));
        each(&place, &[files[0], files[1], files[0], files[1]]);
    }
}

#[test]
fn whose_names_differ_only_in_what_cargo_does_not_take() {
    let place = Place::new("scratch-alike");
    for names in
        [["a-b.rs", "a_b.rs", "a b.rs"], ["ü.rs", "ö.rs", "_.rs"], ["x.y.rs", "x-y.rs", "X_y.rs"]]
    {
        let all = || names.iter().zip(TEXTS);
        all().for_each(|(name, text)| place.write(name, &job(text)));
        for (name, text) in all().chain(all().rev()) {
            prints_only(place.mtrun(&[name]).run(), text);
        }
    }
}

#[test]
fn of_one_name_at_once() {
    let place = two_files("scratch-at-once");
    each(&place, &[ONE, TWO]);
    for round in 0..30 {
        // Most rounds find nothing changed.
        let round = round / 3;
        let run = |file: &str, text: &str| {
            place.write(file, &job(&format!("{text} {round}")));
            place.mtrun(&[file]).run()
        };
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| run(ONE, TEXTS[0]));
            let two = scope.spawn(|| run(TWO, TEXTS[1]));
            (one.join().expect("a run"), two.join().expect("a run"))
        });
        prints_only(one.prints(&[&format!("{} {round}\n", TEXTS[0])]), TEXTS[0]);
        prints_only(two.prints(&[&format!("{} {round}\n", TEXTS[1])]), TEXTS[1]);
    }
}

#[test]
fn that_are_replaced_by_older_ones_are_built_anew() {
    let place = Place::new("scratch-older");
    place.write("later.rs", &job(TEXTS[1]));
    place.write("job.rs", &job(TEXTS[0]));
    // Older than anything that cargo builds here.
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let later = std::fs::File::options().write(true).open(place.path("later.rs"));
    later.and_then(|file| file.set_modified(old)).expect("a time");
    prints_only(place.mtrun(&["job.rs"]).run(), TEXTS[0]);
    std::fs::rename(place.path("later.rs"), place.path("job.rs")).expect("renamed");
    prints_only(place.mtrun(&["job.rs"]).run(), TEXTS[1]);
}

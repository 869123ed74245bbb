//! What building tasks costs: a cold build of a crate with one task, and 400 tasks instead of one.

use std::fs;
use std::time::Instant;

use crate::options::Options;
use crate::package::{Package, Profile, Target};
use crate::statistics::Rounds;
use crate::table::{Table, figure};

/// How many tasks the larger target has.
pub(crate) const TASKS: usize = 400;

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut table = Table::new(["dev builds", "s"]);
    let package = Package::write()?;
    for target in Target::COLD {
        table.row([
            format!("cold, one test, {}", target.name()),
            figure(cold(&package, target, options)?.map(|it| it.median)),
        ]);
    }
    let more = more(&package)?.map(|it| it.median);
    table.row([format!("{TASKS} tasks over one, what is below built"), figure(more)]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Seconds: a cold build of one task, and what 400 tasks take more than one.
pub(crate) fn seconds(options: &Options) -> Result<[Option<Rounds>; 2], String> {
    let package = Package::write()?;
    Ok([cold(&package, Target::One, options)?, more(&package)?])
}

/// Builds in an empty target folder.
fn cold(package: &Package, target: Target, options: &Options) -> Result<Option<Rounds>, String> {
    let folder = package.folder.join("cold");
    let mut samples = Vec::new();
    for _ in 0..options.rounds.unwrap_or(3) {
        // A folder that is not there need not be removed.
        let _ = fs::remove_dir_all(&folder);
        let begun = Instant::now();
        package.build_cold(&folder, target)?;
        samples.push(begun.elapsed().as_secs_f64());
    }
    let _ = fs::remove_dir_all(&folder);
    Ok(Rounds::of(samples))
}

fn more(package: &Package) -> Result<Option<Rounds>, String> {
    let mut samples = [Vec::new(), Vec::new()];
    // The first round builds what is below and does not count.
    for round in 0..=5 {
        for (target, samples) in [Target::One, Target::FourHundred].into_iter().zip(&mut samples) {
            package.touch(target)?;
            let begun = Instant::now();
            package.build(target, Profile::Dev)?;
            samples.extend((round > 0).then(|| begun.elapsed().as_secs_f64()));
        }
    }
    let [one, many] = samples;
    Ok(Rounds::of_differences(&many, &one))
}

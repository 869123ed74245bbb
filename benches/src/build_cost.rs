//! What building tasks costs: a cold build of a crate with one task, and 400 tasks instead of one.

use std::fs;
use std::time::Instant;

use crate::options::Options;
use crate::package::{Package, Profile, Target};
use crate::statistics::median;
use crate::table::{Table, figure};

/// How many tasks the larger target has.
pub(crate) const TASKS: usize = 400;

pub(crate) fn measure(_: &Options) -> Result<(), String> {
    let mut table = Table::new(["dev builds", "s"]);
    let package = Package::write()?;
    for target in Target::COLD {
        table.row([
            format!("cold, one test, {}", target.name()),
            figure(Some(cold(&package, target)?)),
        ]);
    }
    let more = more(&package)?;
    table.row([format!("{TASKS} tasks over one, what is below built"), figure(Some(more))]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Seconds: a cold build of one task, and what 400 tasks take more than one.
pub(crate) fn seconds() -> Result<[f64; 2], String> {
    let package = Package::write()?;
    Ok([cold(&package, Target::One)?, more(&package)?])
}

/// A build in an empty target folder.
fn cold(package: &Package, target: Target) -> Result<f64, String> {
    let folder = package.folder.join("cold");
    // A folder that is not there need not be removed.
    let _ = fs::remove_dir_all(&folder);
    let begun = Instant::now();
    package.build_in(&folder, target, Profile::Dev)?;
    let took = begun.elapsed().as_secs_f64();
    let _ = fs::remove_dir_all(&folder);
    Ok(took)
}

fn more(package: &Package) -> Result<f64, String> {
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
    let [one, many] = samples.map(median);
    one.zip(many).map(|(one, many)| many - one).ok_or_else(|| "no round was run".to_owned())
}

//! 300 trivial tasks as one test binary, beside the same with other test harnesses.

use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, TESTS, Target};
use crate::process::interleaved;
use crate::statistics::Rounds;
use crate::table::{Table, figure};

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let head = Target::TRIVIAL.map(|target| format!("{}, ms", target.name()));
    let mut table = Table::new([format!("{TESTS} trivial tests")].into_iter().chain(head));
    for profile in Profile::ALL {
        let cells = times(profile, options)?.into_iter().map(|time| figure(Some(time.median)));
        table.row([profile.name().to_owned()].into_iter().chain(cells));
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Milliseconds, in the order of [`Target::TRIVIAL`].
pub(crate) fn times(profile: Profile, options: &Options) -> Result<Vec<Rounds>, String> {
    let package = Package::write()?;
    let mut commands = Vec::new();
    for target in Target::TRIVIAL {
        let mut command = Command::new(package.build(target, profile)?);
        command.current_dir(&package.folder);
        commands.push(command);
    }
    let times = interleaved(&mut commands, options.rounds.unwrap_or(30))?;
    Ok(times.into_iter().filter_map(Rounds::of).collect())
}

//! 300 trivial tasks as one test binary, beside the same with other test harnesses.

use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, TESTS, Target};
use crate::process::interleaved;
use crate::table::{Table, figure};

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let package = Package::write()?;
    let head = Target::ALL.map(|target| format!("{}, ms", target.name()));
    let mut table = Table::new([format!("{TESTS} trivial tests")].into_iter().chain(head));
    for profile in Profile::ALL {
        let mut commands = Vec::new();
        for target in Target::ALL {
            let mut command = Command::new(package.build(target, profile)?);
            command.current_dir(&package.folder);
            commands.push(command);
        }
        let times = interleaved(&mut commands, options.rounds.unwrap_or(30))?;
        let cells = times.into_iter().map(|time| figure(Some(time)));
        table.row([profile.name().to_owned()].into_iter().chain(cells));
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

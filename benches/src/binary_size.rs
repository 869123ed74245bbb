//! How large a test binary with one test is, beside other test harnesses.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, Target};
use crate::table::{Table, figure};

pub(crate) fn measure(_: &Options) -> Result<(), String> {
    let head = Target::COLD.map(|target| format!("{}, MB", target.name()));
    let mut table = Table::new(["a binary with one test".to_owned()].into_iter().chain(head));
    let package = Package::write()?;
    for profile in Profile::ALL {
        let sizes = Target::COLD.map(|target| Size::take(&package, target, profile));
        let [ours, mimic, rstest] = sizes;
        let sizes = [ours?, mimic?, rstest?];
        let mut row = |how: &str, size: fn(&Size) -> Option<f64>| {
            let cells = sizes.iter().map(|it| figure(size(it)));
            table.row([format!("{}, {how}", profile.name())].into_iter().chain(cells));
        };
        row("as cargo builds it", |it| Some(it.built));
        row("stripped", |it| it.stripped);
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The stripped release binaries in megabytes, in the order of [`Target::COLD`].
pub(crate) fn stripped() -> Result<[Option<f64>; 3], String> {
    let package = Package::write()?;
    let [ours, mimic, rstest] =
        Target::COLD.map(|target| Size::take(&package, target, Profile::Release));
    Ok([ours?.stripped, mimic?.stripped, rstest?.stripped])
}

/// Sizes in megabytes.
struct Size {
    built: f64,
    /// Without symbols and debug information; `None` without the program `strip`.
    stripped: Option<f64>,
}

impl Size {
    fn take(package: &Package, target: Target, profile: Profile) -> Result<Self, String> {
        let binary = package.build(target, profile)?;
        let copy = package.folder.join("stripped");
        let mut strip = Command::new("strip");
        strip.arg(&binary).arg("-o").arg(&copy);
        let is_stripped = strip.status().is_ok_and(|status| status.success());
        let stripped = if is_stripped { Some(megabytes(&copy)?) } else { None };
        Ok(Self { built: megabytes(&binary)?, stripped })
    }
}

fn megabytes(file: &Path) -> Result<f64, String> {
    let size = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    let kilobytes = u32::try_from(size / 1_000).map_err(|_| "a binary of terabytes")?;
    Ok(f64::from(kilobytes) / 1e3)
}

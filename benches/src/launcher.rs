//! What `mtrun` adds to a binary's own run when nothing changed.

use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, Target, build_mtrun, target_folder};
use crate::process::interleaved;
use crate::statistics::{Rounds, median};
use crate::table::{Table, figure};

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let [alone, launched] = times(options)?;
    let more = Rounds::of_differences(&launched, &alone).map(|rounds| rounds.median);
    let mut table = Table::new(["nothing changed", "ms"]);
    table.row(["the binary alone".to_owned(), figure(median(alone))]);
    table.row(["mtrun FILE".to_owned(), figure(median(launched))]);
    table.row(["what mtrun adds".to_owned(), figure(more)]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Milliseconds that `mtrun` adds.
pub(crate) fn more(options: &Options) -> Result<Option<Rounds>, String> {
    let [alone, launched] = times(options)?;
    Ok(Rounds::of_differences(&launched, &alone))
}

/// The rounds in milliseconds: the binary by itself, and under `mtrun`.
fn times(options: &Options) -> Result<[Vec<f64>; 2], String> {
    let package = Package::write()?;
    let binary = package.build(Target::Concurra, Profile::Dev)?;
    let mtrun = build_mtrun()?;
    let source = package.folder.join("tests").join("concurra.rs");
    let mut alone = Command::new(binary);
    let mut launched = Command::new(mtrun);
    launched.arg(&source);
    for command in [&mut alone, &mut launched] {
        command.current_dir(&package.folder);
        // With another folder `mtrun` would start another executable than the one beside it.
        command.env("CARGO_TARGET_DIR", target_folder()?);
    }
    let times = interleaved(&mut [alone, launched], options.rounds.unwrap_or(50))?;
    times.try_into().map_err(|_| "a command was not run".to_owned())
}

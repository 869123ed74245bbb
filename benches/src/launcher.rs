//! What `mtrun` adds to a binary's own run when nothing changed.

use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, Target, build_mtrun, target_folder};
use crate::process::interleaved;
use crate::table::{Table, figure};

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let [alone, launched] = times(options)?;
    let mut table = Table::new(["nothing changed", "ms"]);
    table.row(["the binary alone".to_owned(), figure(Some(alone))]);
    table.row(["mtrun FILE".to_owned(), figure(Some(launched))]);
    table.row(["what mtrun adds".to_owned(), figure(Some(launched - alone))]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Medians in milliseconds: the binary by itself, and under `mtrun`.
pub(crate) fn times(options: &Options) -> Result<[f64; 2], String> {
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
    times.try_into().map_err(|_| "no round was run".to_owned())
}

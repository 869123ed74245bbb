//! What `mtrun` adds to a binary's own run when nothing changed.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::options::Options;
use crate::package::{Package, Profile, Target, build_mtrun};
use crate::process::interleaved;
use crate::table::{Table, figure};

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let package = Package::write()?;
    let binary = package.build(Target::Concurra, Profile::Dev)?;
    let mtrun = build_mtrun()?;
    let source = package.folder.join("tests").join("concurra.rs");
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let target_folder = program.parent().and_then(Path::parent);
    let mut alone = Command::new(binary);
    let mut launched = Command::new(mtrun);
    launched.arg(&source);
    for command in [&mut alone, &mut launched] {
        command.current_dir(&package.folder);
        // With another folder `mtrun` would start another executable than the one beside it.
        command.envs(target_folder.map(|folder| ("CARGO_TARGET_DIR", folder)));
    }
    let times = interleaved(&mut [alone, launched], options.rounds.unwrap_or(50))?;
    let [alone, launched] = times[..] else { return Err("no round was run".to_owned()) };
    let mut table = Table::new(["nothing changed", "ms"]);
    table.row(["the binary alone".to_owned(), figure(Some(alone))]);
    table.row(["mtrun FILE".to_owned(), figure(Some(launched))]);
    table.row(["what mtrun adds".to_owned(), figure(Some(launched - alone))]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

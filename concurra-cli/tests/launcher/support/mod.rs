//! Packages as users lay them out, and `mtrun` and cargo over them.

mod call;
mod place;
#[expect(dead_code, reason = "the target `mtrun` uses all of it")]
#[path = "../../mtrun/support/process.rs"]
mod process;
#[expect(dead_code, reason = "the target `mtrun` uses all of it")]
#[path = "../../mtrun/support/ran.rs"]
mod ran;
mod seed;
mod stand_in;

use std::path::Path;

pub(crate) use call::{Call, path_with, toolchain, triple};
pub(crate) use place::{Place, manifest, task};
pub(crate) use process::{is_alive, send, until};
pub(crate) use ran::Ran;
pub(crate) use stand_in::{CountingCargo, script};

/// Where the tests keep their builds.
fn scratch_folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the checkout")
}

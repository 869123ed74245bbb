//! The marker that names the target of a program in its own bytes: the compiler writes it, `mtrun`
//! reads it.

#[cfg(feature = "launcher")]
mod read;

#[cfg(feature = "launcher")]
pub(crate) use read::Marker;

use crate::supervise::{PROTOCOL, VERSION};

/// The names of a target: its package, its crate, the package's folder, and the file of `main!`.
#[must_use]
pub const fn identity(
    package: Option<&'static str>,
    krate: &'static str,
    folder: Option<&'static str>,
    file: &'static str,
) -> [&'static str; 4] {
    // Other build systems than cargo may not set the variables.
    let package = if let Some(package) = package { package } else { "" };
    let folder = if let Some(folder) = folder { folder } else { "" };
    [package, krate, folder, file]
}

/// The length of [`marker`].
#[must_use]
pub const fn marker_len(harness: bool, identity: &[&str; 4]) -> usize {
    let parts = parts(harness, identity);
    let (mut len, mut next) = (1, 0);
    while next < parts.len() {
        len += parts[next].len();
        next += 1;
    }
    len
}

/// `concurra-runner:4:0.1.0:main`, the parts of the identity on a line each, and a zero byte. With
/// `harness` a test of libtest is the runner, and the marker has `test` in place of `main`.
#[must_use]
pub const fn marker<const LEN: usize>(harness: bool, identity: &[&str; 4]) -> [u8; LEN] {
    let parts = parts(harness, identity);
    let (mut bytes, mut end, mut next) = ([0; LEN], 0, 0);
    while next < parts.len() {
        let part = parts[next].as_bytes();
        bytes.split_at_mut(end).1.split_at_mut(part.len()).0.copy_from_slice(part);
        end += part.len();
        next += 1;
    }
    bytes
}

const fn parts<'a>(harness: bool, [package, krate, folder, file]: &[&'a str; 4]) -> [&'a str; 13] {
    const { assert!(PROTOCOL < 10, "the protocol has one digit") };
    let protocol = "0123456789".split_at(PROTOCOL as usize).1.split_at(1).0;
    let main = if harness { ":test" } else { ":main" };
    let begin = "concurra-runner:";
    [begin, protocol, ":", VERSION, main, "\n", package, "\n", krate, "\n", folder, "\n", file]
}

//! The marker that names the target of a program in its own bytes: the compiler writes it, `mtrun`
//! reads it.

#[cfg(feature = "launcher")]
mod read;

#[cfg(feature = "launcher")]
pub(crate) use read::Marker;

use crate::supervise::{PROTOCOL, VERSION};

/// What names a target: its package, its crate, the package's folder, and the file of `main!`.
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
    let head = head(harness);
    let (mut len, mut part) = (0, 0);
    while part < head.len() {
        len += head[part].len();
        part += 1;
    }
    part = 0;
    while part < identity.len() {
        len += 1 + identity[part].len();
        part += 1;
    }
    len + 1
}

/// `concurra-runner:2:0.1.0:main`, the parts of the identity on a line each, and a zero byte;
/// `harness` when a test of libtest is the runner, whose marker says `test`.
#[must_use]
pub const fn marker<const LEN: usize>(harness: bool, identity: &[&str; 4]) -> [u8; LEN] {
    let head = head(harness);
    let (mut bytes, mut end, mut part) = ([0; LEN], 0, 0);
    while part < head.len() {
        end = append(&mut bytes, end, head[part]);
        part += 1;
    }
    part = 0;
    while part < identity.len() {
        end = append(&mut bytes, end, "\n");
        end = append(&mut bytes, end, identity[part]);
        part += 1;
    }
    bytes
}

const fn head(harness: bool) -> [&'static str; 5] {
    const { assert!(PROTOCOL < 10, "the protocol has one digit") };
    let protocol = DIGITS.split_at(PROTOCOL as usize).1.split_at(1).0;
    ["concurra-runner:", protocol, ":", VERSION, if harness { ":test" } else { ":main" }]
}

const DIGITS: &str = "0123456789";

const fn append(bytes: &mut [u8], at: usize, text: &str) -> usize {
    let text = text.as_bytes();
    let mut next = 0;
    while next < text.len() {
        bytes[at + next] = text[next];
        next += 1;
    }
    at + text.len()
}

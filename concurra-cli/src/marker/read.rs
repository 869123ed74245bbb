//! The marker in the bytes of a program that has the runner.
//!
//! `mtrun` never runs an unknown program to learn its target: that program may do anything.

use std::array::from_fn;
use std::ffi::CStr;
use std::fs;
use std::path::Path;

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// The identity that a program carries; see [`crate::marker`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    pub(crate) protocol: u32,
    pub(crate) version: String,
    /// Its `main` is libtest's, and the runner is a test in it.
    pub(crate) harness: bool,
    /// Its package, its crate, the package's folder during the build, and the file of `main!`, as
    /// the compiler names it.
    pub(crate) identity: [String; 4],
}

impl Marker {
    /// The marker of a program of this package and crate. A program may embed others, and a test
    /// has both kinds of marker, as `main!` leaves its `main` function in.
    pub(crate) fn find(program: &Path, package: &str, krate: &str) -> Option<Self> {
        Self::find_in(&fs::read(program).ok()?, package, krate)
    }

    fn find_in(bytes: &[u8], package: &str, krate: &str) -> Option<Self> {
        let needle = needle();
        let found = memmem::rfind_iter(bytes, &needle);
        let markers = found.filter_map(|at| Self::parse(&bytes[at + needle.len()..]));
        // Of equal ones the last counts, which is the first in the program.
        markers.max_by_key(|marker| (marker.identity[..2] == [package, krate], marker.harness))
    }

    /// `2:0.1.0:main`, package, crate, folder and root on a line each, as they follow the needle.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = CStr::from_bytes_until_nul(bytes).ok()?.to_str().ok()?.split('\n');
        let head = lines.next()?.split(':').collect::<Vec<_>>();
        let [protocol, version, main @ ("main" | "test"), ..] = head[..] else { return None };
        Some(Self {
            protocol: protocol.parse().ok()?,
            version: version.to_owned(),
            harness: main == "test",
            // The marker of another version may have fewer lines; `mtrun` refuses its protocol.
            identity: from_fn(|_| lines.next().unwrap_or_default().to_owned()),
        })
    }
}

/// Joined at run time: otherwise `mtrun` itself would contain a marker.
fn needle() -> Vec<u8> {
    std::hint::black_box(["concurra", "runner:"]).join("-").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(tail: &[&str]) -> Option<Marker> {
        let mut bytes = vec![0, 1, 2];
        for tail in tail {
            bytes.extend(needle());
            bytes.extend(tail.as_bytes());
            bytes.extend([0; 3]);
        }
        Marker::find_in(&bytes, "shop", "orders")
    }

    #[test]
    fn markers_among_other_bytes() {
        let marker =
            find(&["{}", "1:0.1.0:main\nshop\norders\n/w\ntests/orders.rs"]).expect("a marker");
        assert_eq!((marker.protocol, marker.version.as_str(), marker.harness), (1, "0.1.0", false));
        assert_eq!(marker.identity.join("\n"), "shop\norders\n/w\ntests/orders.rs");
        assert!(find(&["1:0.1.0:main", "1:0.1.0:test"]).expect("a marker").harness);
        let embedded = "1:0.1.0:test\nmail\nsend\n/x\ntests/send.rs";
        let own = "1:0.1.0:main\nshop\norders\n/w\ntests/orders.rs";
        for tails in [[embedded, own], [own, embedded]] {
            assert_eq!(find(&tails).expect("a marker").identity[0], "shop");
        }
        assert_eq!(find(&["x:0.1.0:main", "1:main", "1:0.1.0:other"]), None);
        assert_eq!(find(&[]), None);
    }

    #[test]
    fn the_marker_that_the_macro_makes() {
        const PARTS: [&str; 4] = ["shop", "orders", "/w", "tests/orders.rs"];
        const BYTES: [u8; crate::marker_len(true, &PARTS)] = crate::marker(true, &PARTS);
        let marker = Marker::find_in(&BYTES, "shop", "orders").expect("a marker");
        assert_eq!(marker.identity, PARTS);
        assert!(marker.harness);
    }
}

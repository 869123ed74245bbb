//! The marker in the bytes of an executable that has the runner.
//!
//! An unknown binary is never run to ask what it is: it may do anything.

use std::io;
use std::path::Path;

use memchr::memmem;

/// What an executable says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) protocol: u32,
    pub(super) version: String,
    /// Its `main` is libtest's, and the runner is a test in it.
    pub(super) harness: bool,
}

impl Marker {
    pub(super) fn find(executable: &Path) -> io::Result<Option<Self>> {
        Ok(Self::find_in(&std::fs::read(executable)?))
    }

    /// A test executable holds the other marker too, as `main!` leaves its `main` function in.
    fn find_in(bytes: &[u8]) -> Option<Self> {
        let needle = needle();
        let found = memmem::find_iter(bytes, &needle);
        let mut markers = found.filter_map(|at| Self::parse(&bytes[at + needle.len()..]));
        let first = markers.next()?;
        if first.harness { Some(first) } else { markers.find(|m| m.harness).or(Some(first)) }
    }

    /// `1:0.1.0:main;`, as it follows the needle.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().take(80).position(|byte| *byte == b';')?;
        Self::parse_text(str::from_utf8(&bytes[..end]).ok()?)
    }

    pub(super) fn parse_text(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let protocol = parts.next()?.parse().ok()?;
        let version = parts.next()?.to_owned();
        let harness = match parts.next()? {
            "main" => false,
            "test" => true,
            _ => return None,
        };
        let plain = version.bytes().all(|byte| byte.is_ascii_graphic());
        (plain && !version.is_empty()).then_some(Self { protocol, version, harness })
    }

    pub(super) fn to_text(&self) -> String {
        let kind = if self.harness { "test" } else { "main" };
        format!("{}:{}:{kind}", self.protocol, self.version)
    }
}

/// Put together when it is needed, or `mtrun` itself would seem to have the runner.
fn needle() -> Vec<u8> {
    let parts = std::hint::black_box(["concurra", "runner:"]);
    parts.join("-").into_bytes()
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
        Marker::find_in(&bytes)
    }

    #[test]
    fn markers_among_other_bytes() {
        let marker = find(&["{}", "1:0.1.0:main;"]).expect("a marker");
        let expected = Marker { protocol: 1, version: "0.1.0".to_owned(), harness: false };
        assert_eq!(marker, expected);
        assert_eq!(Marker::parse_text(&marker.to_text()), Some(marker));
        assert!(find(&["1:0.1.0:main;", "1:0.1.0:test;"]).expect("a marker").harness);
        assert_eq!(find(&["1:0.1.0:main", "x:0.1.0:main;", "1::main;", "1:0.1.0:what;"]), None);
        assert_eq!(find(&[]), None);
    }
}

//! Lines of JSON over a socket.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;

use serde_json::Value as Json;

/// Sends one line. The socket is the sender's alone meanwhile: the system takes a long line in
/// pieces, between which the line of another one would be no line any more.
pub(super) fn send(socket: &mut UnixStream, line: &Json) -> io::Result<()> {
    socket.write_all(format!("{line}\n").as_bytes())
}

/// Takes whole lines out of what was read so far.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) bytes: Vec<u8>,
    /// So many bytes hold no end of a line.
    scanned: usize,
}

impl Lines {
    /// The next whole line; an error for one that is no JSON.
    pub(super) fn next(&mut self) -> Option<io::Result<Json>> {
        let Some(end) = self.bytes[self.scanned..].iter().position(|byte| *byte == b'\n') else {
            self.scanned = self.bytes.len();
            return None;
        };
        let end = self.scanned + end;
        self.scanned = 0;
        let line = serde_json::from_slice(&self.bytes[..end]).map_err(io::Error::from);
        self.bytes.drain(..=end);
        Some(line)
    }
}

/// An object of one entry: what a message is and what it says.
pub(super) fn message(what: &str, says: impl Into<Json>) -> Json {
    Json::Object([(what.to_owned(), says.into())].into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_come_out_whole() {
        let mut lines = Lines::default();
        lines.bytes.extend(b"{\"a\":1}\n{\"b\"");
        assert_eq!(lines.next().expect("whole").expect("JSON"), json!({"a": 1}));
        assert!(lines.next().is_none());
        lines.bytes.extend(b":2}\nnonsense\n");
        assert_eq!(lines.next().expect("whole").expect("JSON"), message("b", 2));
        assert!(lines.next().expect("whole").is_err());
    }
}

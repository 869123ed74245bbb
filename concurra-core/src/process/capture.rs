//! What is kept of an output stream: all of it up to a limit, then its head and its tail, while the
//! whole goes to a file.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use super::whole_file::{OutputFile, WholeFile};
use crate::secret::Secrets;

/// The most bytes of a stream in memory and in reports, unless a limit is set.
const DEFAULT_LIMIT: usize = 1024 * 1024;

/// What to keep of the streams of one attempt.
#[derive(Debug)]
pub(crate) struct CaptureSpec {
    /// The most bytes of each stream to show.
    limit: usize,
    /// Whether memory holds each stream as a whole, too.
    keeps_whole: bool,
    /// Where streams beyond the limit go as a whole; `None` writes no file.
    pub(crate) file: Option<OutputFile>,
    /// Never shown in parts, and masked in the file.
    pub(crate) secrets: Secrets,
}

impl CaptureSpec {
    /// With the limit that the user has set; zero sets none.
    pub(crate) fn new(limit: Option<usize>, keeps_whole: bool) -> Self {
        let limit = match limit.unwrap_or(DEFAULT_LIMIT) {
            0 => usize::MAX,
            limit => limit,
        };
        Self { limit, keeps_whole, file: None, secrets: Secrets::default() }
    }
}

impl Default for CaptureSpec {
    fn default() -> Self {
        Self::new(None, false)
    }
}

/// What is kept of one stream.
#[derive(Debug)]
pub(super) struct Kept {
    spec: Arc<CaptureSpec>,
    /// `stdout` or `stderr`.
    pub(super) name: &'static str,
    /// The whole stream, or its beginning once there is a tail.
    head: Vec<u8>,
    tail: VecDeque<u8>,
    total: u64,
    /// The file with the whole output, or the error that kept it from being made. `None` while the output is
    /// within the limit.
    file: Option<io::Result<WholeFile>>,
}

/// The end of a stream's capture.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The stream, or its head and tail with a line about what is left out.
    pub(crate) bytes: Vec<u8>,
    /// The whole stream, where it was to stay in memory and `bytes` has only parts.
    pub(super) whole: Option<Vec<u8>>,
}

impl Shown {
    /// As text, with bytes that are not UTF-8 replaced by `�`.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Kept {
    /// Nothing yet of the stream of this name.
    pub(super) fn new(spec: &Arc<CaptureSpec>, name: &'static str) -> Self {
        let (spec, tail) = (Arc::clone(spec), VecDeque::new());
        Self { spec, name, head: Vec::new(), tail, total: 0, file: None }
    }

    /// Adds bytes that the stream's process has written.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let limit = self.spec.limit;
        if self.total > limit as u64 {
            self.write(bytes);
            if !self.spec.keeps_whole {
                return self.push_tail(bytes);
            }
        }
        self.head.extend_from_slice(bytes);
    }

    /// Writes to the file of the whole stream, which begins with what came before.
    fn write(&mut self, bytes: &[u8]) {
        let Some(output) = &self.spec.file else { return };
        let (name, head, secrets) = (self.name, &self.head, &self.spec.secrets);
        let file = self.file.get_or_insert_with(|| {
            let mut file = WholeFile::create(output, name, secrets)?;
            file.write(head);
            Ok(file)
        });
        if let Ok(file) = file {
            file.write(bytes);
        }
    }

    fn push_tail(&mut self, bytes: &[u8]) {
        let (in_head, in_tail) = self.halves();
        let rest = self.head.split_off(self.head.len().min(in_head));
        let (mut rest, mut bytes) = (&rest[..], bytes);
        while self.head.len() < in_head && !bytes.is_empty() {
            let (more, others) = bytes.split_at(bytes.len().min(in_head - self.head.len()));
            self.head.extend_from_slice(more);
            bytes = others;
        }
        for part in [&mut rest, &mut bytes] {
            *part = &part[part.len().saturating_sub(in_tail)..];
            let room = in_tail - part.len();
            self.tail.drain(..self.tail.len().saturating_sub(room));
            self.tail.extend(*part);
        }
    }

    /// The most bytes of the head and of the tail.
    fn halves(&self) -> (usize, usize) {
        let limit = self.spec.limit;
        (limit / 2, limit - limit / 2)
    }

    /// Ends the capture.
    pub(super) fn finish(mut self) -> Shown {
        if self.total <= self.spec.limit as u64 {
            return Shown { bytes: self.head, whole: None };
        }
        let place = self.place();
        let (in_head, in_tail) = self.halves();
        let tail = self.tail.make_contiguous();
        let tail =
            if self.spec.keeps_whole { &self.head[self.head.len() - in_tail..] } else { &*tail };
        let secrets = &self.spec.secrets;
        let head = head_of_lines(&self.head[..self.head.len().min(in_head)]);
        let (head, tail) = (secrets.before_cut(head), secrets.after_cut(tail_of_lines(tail)));
        let left_out = self.total - (head.len() + tail.len()) as u64;
        let line_break = if head.is_empty() || head.ends_with(b"\n") { "" } else { "\n" };
        let line = format!("{line_break}… {left_out} bytes are left out; {place}\n");
        let bytes = [head, line.as_bytes(), tail].concat();
        Shown { bytes, whole: self.spec.keeps_whole.then_some(self.head) }
    }

    /// Where the whole stream is.
    fn place(&mut self) -> String {
        match self.file.take() {
            Some(Ok(file)) => file.finish(),
            Some(Err(error)) => format!("no file could be written: {error}"),
            None => "no file has them".to_owned(),
        }
    }
}

/// The whole lines at the beginning; with a long last line, whole characters.
fn head_of_lines(bytes: &[u8]) -> &[u8] {
    let half = bytes.len() / 2;
    let line_end = bytes[half..].iter().rposition(|byte| *byte == b'\n');
    match line_end {
        Some(at) => &bytes[..=half + at],
        None => {
            let starts = bytes.iter().rposition(|byte| is_start(*byte)).unwrap_or(0);
            &bytes[..starts]
        }
    }
}

/// The whole lines at the end; with a long first line, whole characters.
fn tail_of_lines(bytes: &[u8]) -> &[u8] {
    let half = bytes.len() / 2;
    let line_end = bytes[..half].iter().position(|byte| *byte == b'\n');
    let start = line_end.map_or_else(
        || bytes.iter().position(|byte| is_start(*byte)).unwrap_or(bytes.len()),
        |at| at + 1,
    );
    &bytes[start..]
}

/// Whether a byte of UTF-8 begins a character.
const fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

//! Masks a stream that comes in pieces.

use super::{MASK, Secrets};

/// The most bytes that wait for the end of secrets that overlap.
const MOST: usize = 1024 * 1024;

/// Masks a stream that comes in pieces, which may divide secrets.
#[derive(Debug)]
pub(crate) struct Masking {
    secrets: Secrets,
    /// The end of the stream so far. It may have the beginning of a secret.
    pending: Vec<u8>,
    /// The bytes that a divided secret may have at the end.
    held: usize,
}

impl Masking {
    pub(crate) fn new(secrets: &Secrets) -> Self {
        let held = secrets.longest().saturating_sub(1);
        Self { secrets: secrets.clone(), pending: Vec::new(), held }
    }

    /// Adds a piece, and returns the masked bytes that are complete.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        self.pending.extend_from_slice(piece);
        // Each search looks at what is held once more, so it has to find as much that is new.
        if self.pending.len() < 2 * self.held {
            return Vec::new();
        }
        let mut end = self.pending.len() - self.held;
        let hidden = self.secrets.hidden(&self.pending);
        if let Some(divided) = hidden.iter().find(|hidden| hidden.contains(&end)) {
            // Secrets that overlap for ever must not fill the memory.
            end = if end - divided.start > MOST { end } else { divided.start };
        }
        self.take(end)
    }

    /// Returns the masked rest.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        self.take(self.pending.len())
    }

    fn take(&mut self, end: usize) -> Vec<u8> {
        let rest = self.pending.split_off(end);
        let (mut masked, mut done) = (Vec::with_capacity(end), 0);
        for hidden in self.secrets.hidden(&self.pending) {
            masked.extend_from_slice(&self.pending[done..hidden.start]);
            masked.extend_from_slice(MASK.as_bytes());
            done = hidden.end;
        }
        masked.extend_from_slice(&self.pending[done..]);
        self.pending = rest;
        masked
    }
}

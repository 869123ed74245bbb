//! A hash of names. They come from the program itself, so no attacker makes them collide.

use std::hash::Hasher;

/// Hashes names a word at a time.
#[derive(Default)]
pub(super) struct Quick(u64);

/// The golden ratio, which spreads bits well.
const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * FACTOR;
        // Both halves count, as the upper one alone forgets the lower bits.
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        let tail =
            rest.iter().fold(bytes.len() as u64, |tail, byte| (tail << 8) | u64::from(*byte));
        self.add(tail);
    }

    /// The end of a string adds nothing to its length.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

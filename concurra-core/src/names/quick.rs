//! A hash of names. They come from the program itself, so no attacker makes them collide.

/// The golden ratio, which spreads bits well.
const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a name, a word at a time.
pub(super) fn hash(name: &str) -> u64 {
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(0, |hash, word| add(hash, u64::from_le_bytes(*word)));
    let tail = rest.iter().fold(name.len() as u64, |tail, byte| (tail << 8) | u64::from(*byte));
    add(hash, tail)
}

fn add(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word) * FACTOR;
    // Both halves count, as the upper one alone forgets the lower bits.
    (product as u64) ^ ((product >> 64) as u64)
}

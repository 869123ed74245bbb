//! Types of results and of shared values.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::tasks::note;

/// A type with serde.
pub(crate) struct Limits {
    pub(crate) most: u64,
}

impl serde::Serialize for Limits {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.most)
    }
}

impl<'de> serde::Deserialize<'de> for Limits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|most| Self { most })
    }
}

/// A type without serde.
pub(crate) struct Opaque;

/// A result whose reader takes until the task is cancelled.
pub(crate) struct Slow;

/// Whether a [`Slow`] is being read.
pub(crate) static READING: AtomicBool = AtomicBool::new(false);

impl serde::Serialize for Slow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> serde::Deserialize<'de> for Slow {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READING.store(true, Ordering::Release);
        while !concurra::is_cancelled() {
            thread::yield_now();
        }
        note("read", 0);
        <()>::deserialize(deserializer).map(|()| Self)
    }
}

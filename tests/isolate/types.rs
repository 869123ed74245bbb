//! Types of results and of what is shared.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::tasks::note;

/// A type that serde knows.
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

/// A type that serde does not know.
pub(crate) struct Opaque;

/// A result that takes its reader as long as anybody waits for the task.
pub(crate) struct Slow;

/// Somebody reads a [`Slow`].
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

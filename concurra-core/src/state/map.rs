//! A map from texts for many threads.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many locks share the keys, so that threads with different keys seldom wait for each other.
const SHARDS: usize = 16;

/// A map from texts. Values are small and cheap to clone, so no caller holds a lock of the map.
pub(super) struct Map<V> {
    hasher: RandomState,
    shards: [RwLock<HashMap<String, V>>; SHARDS],
}

impl<V: Clone> Map<V> {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), shards: std::array::from_fn(|_| RwLock::default()) }
    }

    pub(super) fn get(&self, key: &str) -> Option<V> {
        read(self.shard(key)).get(key).cloned()
    }

    pub(super) fn contains_key(&self, key: &str) -> bool {
        read(self.shard(key)).contains_key(key)
    }

    /// Returns the value that the key had.
    pub(super) fn insert(&self, key: String, value: V) -> Option<V> {
        write(self.shard(&key)).insert(key, value)
    }

    /// Returns the value that the key had.
    pub(super) fn remove(&self, key: &str) -> Option<V> {
        write(self.shard(key)).remove(key)
    }

    /// All keys, in no order.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        self.shards.iter().for_each(|shard| keys.extend(read(shard).keys().cloned()));
        keys
    }

    /// Takes everything out.
    pub(super) fn take(&self) -> Vec<V> {
        let mut values = Vec::new();
        self.shards
            .iter()
            .for_each(|shard| values.extend(mem::take(&mut *write(shard)).into_values()));
        values
    }

    fn shard(&self, key: &str) -> &RwLock<HashMap<String, V>> {
        // The low bits choose the place in the shard's own table.
        let number = self.hasher.hash_one(key) >> 32;
        &self.shards[usize::try_from(number).unwrap_or_default() % SHARDS]
    }
}

fn read<T>(shard: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(shard: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}

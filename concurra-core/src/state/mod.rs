//! The shared state of a run's tasks: values by key, results by task, parameters, and one lock.
//!
//! No guard of the map is held while user code runs (closures, `Clone`, `Drop`). An update holds
//! its key's lock while its closure runs.

mod access;
mod error;
mod locks;
mod nesting;
mod params;
mod results;
mod share;

use std::any::type_name;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use dashmap::DashMap;

pub use error::{KnownAs, ResultError, StateError};
use locks::{Hold, Resource};
use nesting::Nested;
use params::Params;
pub use params::UnreadParam;
pub(crate) use results::Results;
pub use results::ResultsView;
pub(crate) use share::{Elsewhere, Shared};

use crate::codec;
use crate::settings::cores;
use crate::value::{EncodeValue, Value};

/// The shared state of a run's tasks.
///
/// Readers never wait for updates: they see the previous value. A thread waits only for a thread that
/// writes the same key or holds the same [`lock`](State::lock). A wait that would be a deadlock is
/// refused. The library cannot see a closure that waits for another thread by other means (a `join`,
/// a channel) while that thread wants the same key.
///
/// ```
/// use concurra_core::State;
///
/// let state = State::default();
/// state.insert("x", 10);
/// assert_eq!(*state.get::<i32>("x")?, 10);
/// assert_eq!(state.update("hits", || 0, |n: &mut u64| { *n += 1; *n })?, 1);
/// # Ok::<(), concurra_core::StateError>(())
/// ```
pub struct State {
    /// Identifies the state in the lock table of the process.
    id: u64,
    values: DashMap<String, Value>,
    params: Params,
    results: RwLock<Option<Arc<dyn Results>>>,
    /// The encoders of shared values, by key.
    shared: DashMap<String, EncodeValue>,
    /// In a worker process: the access to the values of the run.
    elsewhere: Option<Arc<dyn Elsewhere>>,
}

impl State {
    /// A state with the parameters of a run.
    #[doc(hidden)]
    #[must_use]
    pub fn with_params(params: BTreeMap<String, String>) -> Self {
        static STATES: AtomicU64 = AtomicU64::new(0);
        // As many as the maps would take by themselves, but they ask the system for the cores each time.
        let shards = (cores().get() * 4).next_power_of_two();
        Self {
            id: STATES.fetch_add(1, Ordering::Relaxed),
            values: DashMap::with_shard_amount(shards),
            params: Params::new(params),
            results: RwLock::default(),
            shared: DashMap::with_shard_amount(shards),
            elsewhere: None,
        }
    }

    /// Stores a value and drops the previous one of the key, of any type.
    ///
    /// It waits while another thread updates the key, so neither is lost. Inside the key's own
    /// update it stores nothing, and that update fails with [`StateError::InUse`].
    ///
    /// ```
    /// concurra_core::State::default().insert("x", 10);
    /// ```
    ///
    /// # Panics
    /// The call is in a worker process, which cannot change the state of its run. Or waiting would be
    /// a deadlock: this thread holds [`lock`](State::lock), and the key's update waits for it. Inside
    /// an update the call does not panic: that update returns the error.
    #[track_caller]
    pub fn insert<T: Send + Sync + 'static>(&self, key: impl Into<String>, value: T) {
        let (key, value) = (key.into(), Value::new(value));
        if let Some(hold) = self.hold_or_report(&key) {
            self.shared.remove(&key);
            let old = self.values.insert(key, value);
            drop(hold);
            // Only now, as the old value's `Drop` is user code and may use this very key.
            drop(old);
        }
    }

    /// The value of a key.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// # state.insert("x", 10);
    /// assert_eq!(*state.get::<i32>("x")?, 10);
    /// # Ok::<(), concurra_core::StateError>(())
    /// ```
    ///
    /// # Errors
    /// The key is missing, its value has another type, or the closure of the key's update calls this.
    pub fn get<T: Send + Sync + 'static>(&self, key: &str) -> Result<Arc<T>, StateError> {
        if nesting::updates(self.id, key) {
            return Err(StateError::InUse { key: key.into() });
        }
        self.find_or_fetch(key, |found, json| {
            let advice = || format!("read it with `state.shared::<{}>({key:?})`", type_name::<T>());
            codec::decode(found, json).map_err(|_| advice())
        })
    }

    /// Whether the key has a value; in an isolated task, whether it has a shared one.
    ///
    /// ```
    /// assert!(!concurra_core::State::default().contains("x"));
    /// ```
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        match self.elsewhere {
            Some(_) => self.shared_keys().iter().any(|shared| shared == key),
            None => self.values.contains_key(key),
        }
    }

    /// All keys, sorted; in an isolated task those of shared values.
    ///
    /// ```
    /// assert!(concurra_core::State::default().keys().is_empty());
    /// ```
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = match self.elsewhere {
            Some(_) => self.shared_keys(),
            None => self.values.iter().map(|entry| entry.key().clone()).collect(),
        };
        keys.sort_unstable();
        keys
    }

    /// Removes a value; returns whether there was one. It waits and fails as
    /// [`insert`](State::insert) does.
    ///
    /// ```
    /// assert!(!concurra_core::State::default().remove("x"));
    /// ```
    ///
    /// # Panics
    /// As `insert`.
    #[track_caller]
    pub fn remove(&self, key: &str) -> bool {
        let Some(hold) = self.hold_or_report(key) else { return false };
        self.shared.remove(key);
        let old = self.values.remove(key);
        drop(hold);
        old.is_some()
    }

    /// Changes a value, or the `default` where there is none, and returns the result of `change`.
    ///
    /// `change` works on a copy, which then replaces the value: readers never wait, and a panic in a
    /// closure changes nothing. Updates of one key exclude each other, so none is lost. The closures
    /// may use other keys and [`lock`](State::lock). They must not wait for parallel iterators, as
    /// rayon may run pieces of another body on this thread meanwhile.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// state.update("hits", || 0, |n: &mut u64| *n += 1)?;
    /// # Ok::<(), concurra_core::StateError>(())
    /// ```
    ///
    /// # Errors
    /// The value has another type; the call is inside an update of the same key; waiting for the
    /// key would be a deadlock; `change` used its own key by `insert` or `remove`; or the call is in a
    /// worker process. The value does not change.
    pub fn update<T, R>(
        &self,
        key: impl AsRef<str>,
        default: impl FnOnce() -> T,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, StateError>
    where
        T: Clone + Send + Sync + 'static,
    {
        let key: Arc<str> = Arc::from(key.as_ref());
        let hold = self.hold(&key)?;
        let nested = Nested::enter(self.id, &key);
        let mut value = match self.find::<T>(&key)? {
            Some(current) => T::clone(&current),
            None => default(),
        };
        let returned = change(&mut value);
        let replaced = match nested.misuse() {
            None => Ok(self.replace(&key, Value::new(value))),
            Some(error) => Err((error, value)),
        };
        drop(nested);
        drop(hold);
        // Values are dropped only now, as their `Drop` is user code and may use this very key.
        match replaced {
            Ok(_old) => Ok(returned),
            Err((error, _discarded)) => Err(error),
        }
    }

    /// Takes the state's lock, for work on several keys; the same thread may take it again.
    ///
    /// It excludes only other holders of this lock: a plain `get`, `insert` or `update` of another
    /// thread does not wait for it.
    ///
    /// The lock belongs to the thread. Its holder must not wait for parallel iterators or `join`:
    /// rayon may run pieces of another body on this thread meanwhile, and these could take the lock.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// let _section = state.lock();
    /// ```
    ///
    /// # Panics
    /// Waiting would be a deadlock: the lock's holder waits for a key that this thread is updating.
    /// The message names the key. To avoid it, take the lock before updates, not inside.
    #[track_caller]
    pub fn lock(&self) -> Section<'_> {
        match Hold::take(Resource { state: self.id, key: None }) {
            Ok(hold) => Section { _hold: hold, state: PhantomData },
            Err(error) => panic!("{error}"),
        }
    }
}

/// The lock of a [`State`], held until this is dropped; see [`State::lock`].
///
/// ```
/// let state = concurra_core::State::default();
/// let _section = state.lock();
/// ```
#[derive(Debug)]
#[must_use = "without a variable that keeps the section, the lock is free again at once"]
pub struct Section<'a> {
    _hold: Hold,
    state: PhantomData<&'a State>,
}

#[cfg(test)]
mod tests;

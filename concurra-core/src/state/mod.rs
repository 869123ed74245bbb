//! What the tasks of a run share: values by key, results by task, parameters, and one lock.
//!
//! No guard of the map is held while user code runs (closures, `Clone`, `Drop`); the lock of the
//! one key is held while its update runs.

mod access;
mod error;
mod locks;
mod nesting;
mod params;
mod results;
mod section;
mod share;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use dashmap::DashMap;

pub use error::{ResultError, StateError};
use locks::{Hold, Resource};
use nesting::Nested;
pub(crate) use results::Results;
pub use results::ResultsView;
pub use section::Section;
pub(crate) use share::Elsewhere;

use crate::value::{EncodeValue, Value};

/// What the tasks of a run share.
///
/// Readers never wait for updates, they see the value from before. A thread waits only for another
/// one that writes the same key or holds the same [`lock`](State::lock), and never for ever on that
/// account: a wait that would close a circle is refused. What the library cannot see is a closure
/// that itself waits for another thread (a `join`, a channel) which uses the same key.
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
    /// Tells the states of a process apart in the lock table.
    id: u64,
    values: DashMap<String, Value>,
    params: BTreeMap<String, String>,
    results: RwLock<Option<Arc<dyn Results>>>,
    /// How shared values are written for worker processes, by key.
    shared: DashMap<String, EncodeValue>,
    /// In a worker process: where the values of the run are.
    elsewhere: Option<Arc<dyn Elsewhere>>,
}

impl State {
    /// A state with the parameters of a run.
    #[doc(hidden)]
    #[must_use]
    pub fn with_params(params: BTreeMap<String, String>) -> Self {
        static STATES: AtomicU64 = AtomicU64::new(0);
        Self {
            id: STATES.fetch_add(1, Ordering::Relaxed),
            values: DashMap::new(),
            params,
            results: RwLock::default(),
            shared: DashMap::new(),
            elsewhere: None,
        }
    }

    /// Stores a value; one that was there under this key, of whatever type, is dropped.
    ///
    /// It waits while another thread updates the key, so neither is lost. Inside the key's own
    /// update it stores nothing, and that update fails with [`StateError::InUse`].
    ///
    /// ```
    /// concurra_core::State::default().insert("x", 10);
    /// ```
    ///
    /// # Panics
    /// In a worker process, where the state of the run is out of reach. And
    /// when waiting would be a deadlock, and there is no update around the call which could report
    /// that as its error: this thread holds [`lock`](State::lock), and the key's update waits for it.
    #[track_caller]
    pub fn insert<T: Send + Sync + 'static>(&self, key: impl Into<String>, value: T) {
        let (key, value) = (key.into(), Value::new(value));
        self.refuse_elsewhere(&key);
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
    /// The key is missing, its value is of another type, or this is the closure of its own update.
    pub fn get<T: Send + Sync + 'static>(&self, key: &str) -> Result<Arc<T>, StateError> {
        if nesting::updates(self.id, key) {
            return Err(StateError::InUse { key: key.into() });
        }
        match self.find(key)? {
            Some(value) => Ok(value),
            None => self.fetch(key)?.ok_or_else(|| self.missing(key)),
        }
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

    /// Removes a value and tells whether there was one. It waits and fails as
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
        self.refuse_elsewhere(key);
        let Some(hold) = self.hold_or_report(key) else { return false };
        self.shared.remove(key);
        let old = self.values.remove(key);
        drop(hold);
        old.is_some()
    }

    /// Changes a value, or the `default` where there is none, and gives back what `change` returns.
    ///
    /// It works on a copy, which then replaces the value: readers never wait, and a panic in a
    /// closure leaves the value as it was. Updates of one key exclude each other, so none is lost.
    /// The closures may use other keys and [`lock`](State::lock); they must not wait for parallel
    /// iterators, as rayon may run pieces of another body on this thread meanwhile.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// state.update("hits", || 0, |n: &mut u64| *n += 1)?;
    /// # Ok::<(), concurra_core::StateError>(())
    /// ```
    ///
    /// # Errors
    /// The value is of another type; the call is inside an update of the same key; waiting for the
    /// key would be a deadlock; or `change` used its own key by `insert` or `remove`. The value
    /// stays as it was.
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
        self.check_here(&key)?;
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
    /// It excludes other holders of this lock. Calls that do not take it go on: a plain `get`,
    /// `insert` or `update` elsewhere does not wait for it.
    ///
    /// It belongs to the thread: whoever holds it must not wait for parallel iterators or `join`, as
    /// rayon may run pieces of another body on this thread meanwhile, which the lock lets in.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// let _section = state.lock();
    /// ```
    ///
    /// # Panics
    /// When waiting would be a proven deadlock: the holder waits for a key that this thread is
    /// updating. The message names the key. Taking the lock before updates, not inside, avoids it.
    #[track_caller]
    pub fn lock(&self) -> Section<'_> {
        match Hold::take(Resource { state: self.id, key: None }) {
            Ok(hold) => Section::new(hold),
            Err(error) => panic!("{error}"),
        }
    }
}

#[cfg(test)]
mod tests;

//! The ways of a state's methods to its map and its locks.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::State;
use super::error::{KnownAs, ResultError, StateError};
use super::locks::{Hold, Resource};
use super::nesting;
use crate::nearest::nearest;
use crate::value::Value;

impl State {
    /// Takes the key's lock, to change its value.
    pub(super) fn hold(&self, key: &Arc<str>) -> Result<Hold, StateError> {
        if self.elsewhere.is_some() {
            return Err(StateError::Isolated { key: key.to_string() });
        }
        Hold::take(Resource { state: self.id, key: Some(Arc::clone(key)) })
    }

    /// Takes the key's lock for a call that returns no error: the update around it fails instead, and
    /// without one the call panics.
    #[track_caller]
    pub(super) fn hold_or_report(&self, key: &str) -> Option<Hold> {
        match self.hold(&Arc::from(key)) {
            Ok(hold) => Some(hold),
            Err(error) => match nesting::report(self.id, key, error) {
                Ok(()) => None,
                Err(error) => panic!("{error}"),
            },
        }
    }

    /// The value of a key, if there is one.
    pub(super) fn find<T: Send + Sync + 'static>(
        &self,
        key: &str,
    ) -> Result<Option<Arc<T>>, StateError> {
        let Some(value) = self.values.get(key) else { return Ok(None) };
        value.downcast().map(Some).ok_or_else(|| StateError::WrongType {
            key: key.into(),
            found: value.type_name(),
            asked: type_name::<T>(),
        })
    }

    /// Puts a value in and returns the old one, for the caller to drop without a lock.
    pub(super) fn replace(&self, key: &str, value: Value) -> Option<Value> {
        self.values.insert(key.into(), value)
    }

    pub(super) fn missing(&self, key: &str) -> StateError {
        let keys = self.keys();
        let nearest = nearest(key, keys.iter().map(String::as_str));
        let nearest = nearest.into_iter().map(String::from).collect();
        StateError::Missing { key: key.into(), nearest, known_as: self.known_as(key, KnownAs::Key) }
    }

    /// What has this name, although no value of the kind `asked` has it.
    pub(super) fn known_as(&self, name: &str, asked: KnownAs) -> Option<KnownAs> {
        let is_task =
            || !matches!(self.results().get::<()>(name), Err(ResultError::NoSuchTask { .. }));
        let has = |kind: &KnownAs| match kind {
            KnownAs::Param => self.param(name).is_some(),
            KnownAs::Key => self.contains(name),
            KnownAs::Task => is_task(),
        };
        let all = [KnownAs::Param, KnownAs::Key, KnownAs::Task];
        all.into_iter().filter(|kind| *kind != asked).find(has)
    }
}

impl Default for State {
    fn default() -> Self {
        Self::with_params(BTreeMap::new())
    }
}

/// Keys only: values may be large, and parameters may be secret.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("keys", &self.keys())
            .field("params", &self.params.texts.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

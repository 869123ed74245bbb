//! Values that travel to worker processes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::State;
use super::error::StateError;
use crate::codec::{self, Sent};
use crate::failure;
use crate::value::{self, Value};

/// A worker process's access to the values of its run.
pub(crate) trait Elsewhere: Send + Sync + fmt::Debug {
    /// The value of a key.
    fn shared(&self, key: &str) -> Shared;

    /// The keys of all shared values.
    fn shared_keys(&self) -> Vec<String>;

    /// Notes in the run that code asks for a parameter.
    fn note_param(&self, name: &str);
}

/// What a worker process receives of the value of a key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Shared {
    Value(Sent),
    /// The value was not shared.
    Kept,
    /// The key has no value.
    Missing,
}

impl State {
    /// The state of a worker process, whose run is in another process.
    pub(crate) fn elsewhere(
        params: BTreeMap<String, String>,
        elsewhere: Arc<dyn Elsewhere>,
    ) -> Self {
        Self { elsewhere: Some(elsewhere), ..Self::with_params(params) }
    }

    /// Stores a value as [`insert`](Self::insert) does, and lets it travel to isolated tasks.
    ///
    /// An isolated task reads it with [`shared`](Self::shared), or with [`get`](Self::get) when its
    /// type is one of std's common ones or the result of an annotated task. Each isolated task sees
    /// the value of its first read.
    ///
    /// ```
    /// let state = concurra_core::State::default();
    /// state.share("limits", vec![1, 2, 3]);
    /// assert_eq!(*state.shared::<Vec<i32>>("limits")?, [1, 2, 3]);
    /// # Ok::<(), concurra_core::StateError>(())
    /// ```
    ///
    /// # Panics
    /// As `insert`.
    #[track_caller]
    pub fn share<T>(&self, key: impl Into<String>, value: T)
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        let key = key.into();
        self.insert(key.clone(), value);
        self.shared.insert(key, value::by_serde::<T>);
    }

    /// A shared value of any type, also in an isolated task.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn shared<T>(&self, key: &str) -> Result<Arc<T>, StateError>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.find_or_fetch(key, |_, json| {
            serde_json::from_value::<T>(json).map(Value::new).map_err(|error| error.to_string())
        })
    }

    /// The value of a key; in a worker process, fetches a shared value once.
    pub(super) fn find_or_fetch<T: Send + Sync + 'static>(
        &self,
        key: &str,
        decode: impl FnOnce(&str, Json) -> Result<Value, String>,
    ) -> Result<Arc<T>, StateError> {
        if let Some(value) = self.find(key)? {
            return Ok(value);
        }
        let fetched = self.elsewhere.as_ref().map(|elsewhere| elsewhere.shared(key));
        let Sent { type_name: found, json } = match fetched {
            Some(Shared::Value(sent)) => sent,
            Some(Shared::Kept) => return Err(StateError::NotShared { key: key.into() }),
            Some(Shared::Missing) | None => return Err(self.missing(key)),
        };
        let decoded = json.and_then(|json| decode(&found, json));
        let unreadable = |reason| StateError::Unreadable { key: key.into(), found, reason };
        self.values.insert(key.into(), decoded.map_err(unreadable)?);
        self.find(key)?.ok_or_else(|| self.missing(key))
    }

    /// Forgets the values that an earlier task of this process read: they may have changed since.
    pub(crate) fn forget_shared(&self) {
        // Without the map's locks, and one by one, as each may panic.
        self.values.take().into_iter().for_each(failure::discard);
    }

    /// The keys of values that travel.
    pub(crate) fn shared_keys(&self) -> Vec<String> {
        match &self.elsewhere {
            Some(elsewhere) => elsewhere.shared_keys(),
            None => self.shared.keys(),
        }
    }

    /// A shared value for a worker process.
    pub(crate) fn send_shared(&self, key: &str) -> Shared {
        let encode = self.shared.get(key);
        let Some(value) = self.values.get(key) else { return Shared::Missing };
        encode.map_or(Shared::Kept, |encode| {
            Shared::Value(Sent::written(&value, codec::encode_by(encode, &value)))
        })
    }

    /// All parameters. This does not count as a question of code for one.
    pub(crate) const fn params(&self) -> &BTreeMap<String, String> {
        &self.params.texts
    }
}

//! Values that travel to worker processes, and how they arrive there.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::State;
use super::error::StateError;
use crate::codec::{self, Sent};
use crate::value::{self, Value};

/// Where the values of a run are, seen from a worker process.
pub(crate) trait Elsewhere: Send + Sync + fmt::Debug {
    /// A shared value; `None` when there is none of that name.
    fn shared(&self, key: &str) -> Option<Sent>;

    /// The keys of all shared values.
    fn shared_keys(&self) -> Vec<String>;
}

impl State {
    /// The state of a run that goes on in another process.
    pub(crate) fn elsewhere(
        params: BTreeMap<String, String>,
        elsewhere: Arc<dyn Elsewhere>,
    ) -> Self {
        Self { elsewhere: Some(elsewhere), ..Self::with_params(params) }
    }

    /// Stores a value as [`insert`](Self::insert) does, and lets it travel to isolated tasks.
    ///
    /// Those read it with [`shared`](Self::shared), or with [`get`](Self::get) when its type is one
    /// of std's common ones or that of an annotated task's result. Each sees it as it was when it
    /// read it first.
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

    /// A shared value, also in an isolated task, whatever its type.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn shared<T>(&self, key: &str) -> Result<Arc<T>, StateError>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        if let Some(value) = self.find(key)? {
            return Ok(value);
        }
        let Some(Sent { type_name: found, json }) = self.ask(key) else {
            return Err(self.missing(key));
        };
        let read = json
            .and_then(|json| serde_json::from_value::<T>(json).map_err(|error| error.to_string()));
        let unreadable = |reason| StateError::Unreadable { key: key.into(), found, reason };
        let value = Value::new(read.map_err(unreadable)?);
        self.values.insert(key.into(), value);
        self.find(key)?.ok_or_else(|| self.missing(key))
    }

    /// A value that was shared by the run that goes on elsewhere.
    pub(super) fn fetch<T: Send + Sync + 'static>(
        &self,
        key: &str,
    ) -> Result<Option<Arc<T>>, StateError> {
        let Some(Sent { type_name: found, json }) = self.ask(key) else { return Ok(None) };
        let way_out = || format!("read it with `state.shared::<{}>({key:?})`", type_name::<T>());
        let read = json.and_then(|json| codec::decode(&found, json).map_err(|_| way_out()));
        let unreadable = |reason| StateError::Unreadable { key: key.into(), found, reason };
        let value = read.map_err(unreadable)?;
        self.values.insert(key.into(), value);
        self.find(key)
    }

    /// Forgets the values that another task has read: they may have changed since.
    pub(crate) fn forget_shared(&self) {
        self.values.clear();
    }

    /// The keys of values that travel.
    pub(crate) fn shared_keys(&self) -> Vec<String> {
        match &self.elsewhere {
            Some(elsewhere) => elsewhere.shared_keys(),
            None => self.shared.iter().map(|entry| entry.key().clone()).collect(),
        }
    }

    fn ask(&self, key: &str) -> Option<Sent> {
        self.elsewhere.as_ref()?.shared(key)
    }

    /// A shared value for a worker process.
    pub(crate) fn send_shared(&self, key: &str) -> Option<Sent> {
        let encode = *self.shared.get(key)?;
        let value = self.values.get(key)?.clone();
        Some(Sent::written(&value, codec::encode_by(encode, &value)))
    }

    /// All parameters.
    pub(crate) const fn params(&self) -> &BTreeMap<String, String> {
        &self.params
    }

    /// Refuses to change what the run would never see.
    pub(super) fn check_here(&self, key: &str) -> Result<(), StateError> {
        match &self.elsewhere {
            Some(_) => Err(StateError::Isolated { key: key.into() }),
            None => Ok(()),
        }
    }

    #[track_caller]
    pub(super) fn refuse_elsewhere(&self, key: &str) {
        if let Err(error) = self.check_here(key) {
            panic!("{error}");
        }
    }
}

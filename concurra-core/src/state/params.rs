//! Parameters of a run, set by `--KEY=VALUE`, and which of them code has asked for.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use super::State;
use super::error::StateError;
use crate::nearest::nearest;
use crate::sync::lock;

/// The most names that are kept of those that code has asked for. A program may make up names.
const MOST_ASKED: usize = 1000;

/// The parameters of a run.
pub(super) struct Params {
    pub(super) texts: BTreeMap<String, String>,
    /// The names that code has asked for, of parameters that are set and of others.
    asked: Mutex<BTreeSet<String>>,
}

/// A parameter that is set, and that no code has asked for.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadParam {
    /// Its name.
    pub name: String,
    /// Similar names that code has asked for.
    pub nearest: Vec<String>,
}

impl Params {
    pub(super) const fn new(texts: BTreeMap<String, String>) -> Self {
        Self { texts, asked: Mutex::new(BTreeSet::new()) }
    }

    /// Notes that code asks for a parameter; `false` if that is known already.
    pub(super) fn note(&self, name: &str) -> bool {
        let mut asked = lock(&self.asked);
        let is_kept = asked.len() < MOST_ASKED || self.texts.contains_key(name);
        !asked.contains(name) && is_kept && asked.insert(name.to_owned())
    }
}

impl State {
    /// The parameters that nothing has asked for.
    #[doc(hidden)]
    #[must_use]
    pub fn unread_params(&self) -> Vec<UnreadParam> {
        let asked = lock(&self.params.asked);
        let unread = self.params.texts.keys().filter(|name| !asked.contains(*name));
        let similar = |name: &String| {
            let nearest = nearest(name, asked.iter().map(String::as_str));
            nearest.into_iter().map(str::to_owned).collect()
        };
        unread.map(|name| UnreadParam { name: name.clone(), nearest: similar(name) }).collect()
    }

    /// Notes that code asks for a parameter, also in the process of the run when this one is a worker
    /// process.
    pub(crate) fn note_param(&self, name: &str) {
        if self.params.note(name)
            && let Some(elsewhere) = &self.elsewhere
        {
            elsewhere.note_param(name);
        }
    }

    /// The text of a parameter: `dev` after `--env=dev`. At the end of a run, a warning names the parameters of
    /// the command line that nothing has asked for.
    ///
    /// ```
    /// assert_eq!(concurra_core::State::default().param("env"), None);
    /// ```
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&str> {
        self.note_param(key);
        self.params.texts.get(key).map(String::as_str)
    }

    /// A parameter, parsed, or the default when it is not set.
    ///
    /// ```
    /// assert_eq!(concurra_core::State::default().param_or("orders", 200), Ok(200));
    /// ```
    ///
    /// # Errors
    /// Its text does not parse.
    pub fn param_or<T>(&self, key: &str, default: T) -> Result<T, StateError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        if self.param(key).is_some() { self.param_as(key) } else { Ok(default) }
    }

    /// A parameter, parsed.
    ///
    /// ```
    /// assert!(concurra_core::State::default().param_as::<u32>("orders").is_err());
    /// ```
    ///
    /// # Errors
    /// It is not set, or its text does not parse.
    pub fn param_as<T>(&self, key: &str) -> Result<T, StateError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let Some(text) = self.param(key) else {
            let near = nearest(key, self.params.texts.keys().map(String::as_str));
            let nearest = near.into_iter().map(String::from).collect();
            return Err(StateError::NoParam { key: key.into(), nearest });
        };
        text.parse().map_err(|error: T::Err| StateError::BadParam {
            key: key.into(),
            text: text.into(),
            asked: type_name::<T>(),
            reason: error.to_string(),
        })
    }
}

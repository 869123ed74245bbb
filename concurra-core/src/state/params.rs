//! Parameters of a run, set by `--KEY=VALUE`, and which of them code has asked for.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::State;
use super::error::{KnownAs, StateError};
use crate::nearest::nearest;

/// The most names of parameters that are not set, but that code has asked for. A program may make up
/// names.
const MOST_ASKED: usize = 1000;

/// The parameters of a run.
pub(super) struct Params {
    pub(super) texts: BTreeMap<String, String>,
    /// Whether code has asked for a parameter, for each that is set. Without a lock, as bodies on all
    /// workers may ask at once.
    is_read: BTreeMap<String, AtomicBool>,
    /// The names that code has asked for without being set.
    missed: RwLock<BTreeSet<String>>,
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
    pub(super) fn new(texts: BTreeMap<String, String>) -> Self {
        let is_read = texts.keys().map(|name| (name.clone(), AtomicBool::new(false))).collect();
        Self { texts, is_read, missed: RwLock::default() }
    }

    /// Notes that code asks for a parameter; `false` if that is known already.
    fn note(&self, name: &str) -> bool {
        match self.is_read.get(name) {
            Some(is_read) => {
                !is_read.load(Ordering::Relaxed) && !is_read.swap(true, Ordering::Relaxed)
            }
            None => !self.missed().contains(name) && self.note_missed(name),
        }
    }

    fn note_missed(&self, name: &str) -> bool {
        let mut missed = self.missed.write().unwrap_or_else(PoisonError::into_inner);
        missed.len() < MOST_ASKED && missed.insert(name.to_owned())
    }

    fn missed(&self) -> RwLockReadGuard<'_, BTreeSet<String>> {
        self.missed.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The parameters that nothing has asked for.
    #[doc(hidden)]
    #[must_use]
    pub fn unread_params(&self) -> Vec<UnreadParam> {
        let missed = self.params.missed();
        let all = self.params.is_read.iter();
        let (read, unread): (Vec<_>, Vec<_>) =
            all.partition(|(_, is_read)| is_read.load(Ordering::Relaxed));
        let asked = || missed.iter().chain(read.iter().map(|(name, _)| *name));
        let similar = |name: &str| {
            let nearest = nearest(name, asked().map(String::as_str));
            nearest.into_iter().map(str::to_owned).collect()
        };
        let unread = unread.into_iter().map(|(name, _)| name);
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
            let known_as = self.known_as(key, KnownAs::Param);
            return Err(StateError::NoParam { key: key.into(), nearest, known_as });
        };
        text.parse().map_err(|error: T::Err| StateError::BadParam {
            key: key.into(),
            text: text.into(),
            asked: type_name::<T>(),
            reason: error.to_string(),
        })
    }
}

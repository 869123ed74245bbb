//! Parameters of a run, set by `--KEY=VALUE`.

use std::any::type_name;
use std::fmt;
use std::str::FromStr;

use super::State;
use super::error::{KnownAs, StateError};
use crate::nearest::nearest;

impl State {
    /// The text of a parameter: `dev` after `--env=dev`.
    ///
    /// ```
    /// assert_eq!(concurra_core::State::default().param("env"), None);
    /// ```
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&str> {
        self.params.get(key).map(String::as_str)
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
        if self.params.contains_key(key) { self.param_as(key) } else { Ok(default) }
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
            let near = nearest(key, self.params.keys().map(String::as_str));
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

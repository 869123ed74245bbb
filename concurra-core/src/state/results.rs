//! The results of a state's run, through a trait: this module does not know the engine.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError};

use super::State;
use super::error::{KnownAs, ResultError};
use crate::failure;
use crate::outcome::Outcome;
use crate::value::Value;

/// The results of a run. The state keeps it alive, so it must not own the state in turn.
pub(crate) trait Results: Send + Sync {
    /// Finds a task by its full name or a suffix that only one task has.
    /// Its result is `None` for `()`.
    fn lookup(&self, name: &str) -> Result<Option<Value>, ResultError>;

    /// The text with `***` in place of every secret.
    fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }

    /// The finished tasks and how they ended, in the order of the plan.
    fn finished(&self) -> Vec<(String, Outcome)>;
}

impl State {
    /// The result of a finished task, by its full name or a suffix that only one task has.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// assert!(state.result::<String>("load").is_err());
    /// ```
    ///
    /// # Errors
    /// There is no such task, it has no result (yet), or one of another type.
    pub fn result<T: Send + Sync + 'static>(&self, name: &str) -> Result<Arc<T>, ResultError> {
        self.results().get(name).map_err(|mut error| {
            if let ResultError::NoSuchTask { known_as, .. } = &mut error {
                *known_as = self.known_as(name, KnownAs::Task);
            }
            error
        })
    }

    /// The results of the run that this state belongs to.
    ///
    /// ```
    /// assert_eq!(concurra_core::State::default().results().iter().count(), 0);
    /// ```
    #[must_use]
    pub fn results(&self) -> ResultsView<'_> {
        let results = self.results.read().unwrap_or_else(PoisonError::into_inner).clone();
        ResultsView { results, state: PhantomData }
    }

    /// The text with `***` in place of every secret of the run.
    #[doc(hidden)]
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        match &self.results().results {
            Some(results) => results.mask(text).into_owned(),
            None => text.to_owned(),
        }
    }

    /// Binds the state to a run, in place of an earlier one.
    pub(crate) fn attach(&self, results: Arc<dyn Results>) {
        let old = self.results.write().unwrap_or_else(PoisonError::into_inner).replace(results);
        // Without the lock: the results of an earlier run hold users' values.
        failure::discard(old);
    }
}

/// The results of the run that a state belongs to; see [`State::results`].
///
/// Each call sees the present status of the run.
#[derive(Clone)]
pub struct ResultsView<'a> {
    results: Option<Arc<dyn Results>>,
    state: PhantomData<&'a State>,
}

impl ResultsView<'_> {
    /// The results of one run, also after its state was bound to another.
    pub(crate) fn of(results: Arc<dyn Results>) -> Self {
        Self { results: Some(results), state: PhantomData }
    }

    /// The result of a task, as [`State::result`] gives it.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// assert!(state.results().get::<u32>("load").is_err());
    /// ```
    ///
    /// # Errors
    /// There is no such task, it has no result (yet), or one of another type.
    pub fn get<T: Send + Sync + 'static>(&self, name: &str) -> Result<Arc<T>, ResultError> {
        let Some(results) = &self.results else {
            let (name, nearest) = (name.into(), Vec::new());
            return Err(ResultError::NoSuchTask { name, in_run: false, nearest, known_as: None });
        };
        let value = results.lookup(name)?.unwrap_or_else(|| Value::new(()));
        let (found, asked) = (value.type_name(), type_name::<T>());
        value.downcast().ok_or(ResultError::WrongType { name: name.into(), found, asked })
    }

    /// The tasks that have finished, by full name, and how they ended, in the order of the plan.
    ///
    /// ```
    /// # let state = concurra_core::State::default();
    /// assert_eq!(state.results().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (String, Outcome)> + use<> {
        self.results.as_ref().map(|results| results.finished()).unwrap_or_default().into_iter()
    }
}

impl fmt::Debug for ResultsView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Results for Fixed {
        fn lookup(&self, name: &str) -> Result<Option<Value>, ResultError> {
            let asked = name.to_owned();
            match name {
                "load" => Ok(Some(Value::new(String::from("rows")))),
                "seed" => Ok(None),
                "late" => Err(ResultError::NotRun { name: asked }),
                "bad" => Err(ResultError::NotPassed { name: asked, outcome: Outcome::TimedOut }),
                "migrate" => {
                    let tasks = vec!["a::migrate".into(), "b::migrate".into()];
                    Err(ResultError::Ambiguous { name: asked, tasks })
                }
                _ => {
                    let nearest = vec!["load".into()];
                    Err(ResultError::NoSuchTask {
                        name: asked,
                        in_run: true,
                        nearest,
                        known_as: None,
                    })
                }
            }
        }

        fn finished(&self) -> Vec<(String, Outcome)> {
            vec![("load".into(), Outcome::Passed), ("bad".into(), Outcome::TimedOut)]
        }
    }

    fn in_run() -> State {
        let state = State::default();
        state.attach(Arc::new(Fixed));
        state
    }

    #[test]
    fn results_come_with_their_type() {
        let state = in_run();
        assert_eq!(*state.result::<String>("load").expect("passed"), "rows");
        assert_eq!(*state.results().get::<()>("seed").expect("passed"), ());
        assert_eq!(state.results().iter().count(), 2);
        assert_eq!(format!("{:?}", state.results()), r#"{"load": Passed, "bad": TimedOut}"#);
    }

    #[test]
    fn the_error_names_the_reason_of_a_missing_result() {
        let state = in_run();
        let message = |name| state.result::<u32>(name).expect_err(name).to_string();
        assert_eq!(message("load"), r#"task "load" returned a String, not a u32"#);
        assert_eq!(message("seed"), r#"task "seed" returned a (), not a u32"#);
        assert_eq!(
            message("late"),
            r#"task "late" has not finished yet; name it in `after` to run when it has"#
        );
        assert_eq!(message("bad"), r#"task "bad" has no result: it ended as timed_out"#);
        assert_eq!(
            message("migrate"),
            r#""migrate" may be any of a::migrate, b::migrate; give more of its path"#
        );
        state.insert("rows", 1);
        assert_eq!(
            message("rows"),
            r#"the run has no task "rows"; read the value of this key by `state.get("rows")`"#
        );
        assert_eq!(message("lod"), r#"the run has no task "lod"; did you mean `load`?"#);
        assert_eq!(
            State::default().result::<u32>("load").expect_err("no run").to_string(),
            r#"there is no result of task "load": this state belongs to no run"#
        );
    }
}

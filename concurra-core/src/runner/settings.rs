//! The settings of a run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Runner;
use crate::max_fail::MaxFail;
use crate::policy::Backoff;
use crate::selection::Selection;
use crate::settings::{Settings, all_settings};
use crate::state::State;

macro_rules! define_methods {
    ($($(#[$doc:meta])* $name:ident($($parameter:tt)+) -> $kind:ty = $value:expr;)*) => {
        impl Runner {
            $($(#[$doc])*
            #[must_use]
            pub fn $name(mut self, $($parameter)+) -> Self {
                self.config.settings.$name = Some($value);
                self
            })*
        }
    };
}
all_settings!(define_methods);

impl Runner {
    /// Replaces settings by those that are set in these.
    #[doc(hidden)]
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.config.settings = settings.or(self.config.settings);
        self
    }

    /// Settings that win over those of the runner and of tasks, as the command line does.
    #[doc(hidden)]
    #[must_use]
    pub fn overrides(mut self, settings: Settings) -> Self {
        self.overrides = settings.or(self.overrides);
        self
    }

    /// Stops at the first failure, as `max_fail` of 1 does; `false` removes the limit.
    #[must_use]
    pub fn fail_fast(self, yes: bool) -> Self {
        self.max_fail(usize::from(yes))
    }

    /// Parameters whose values appear as `***` wherever a task's failure, output or record has them.
    #[must_use]
    pub fn secret_params<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.secret_params.extend(names.into_iter().map(Into::into));
        self
    }

    /// Chooses among all tasks, annotated or added, and pulls in the dependencies of chosen tasks.
    ///
    /// ```
    /// use concurra_core::{Runner, Selection};
    ///
    /// let mut only_slow = Selection::default();
    /// only_slow.tags = vec!["slow".to_owned()];
    /// let mut runner = Runner::new().select(only_slow);
    /// runner.add("load", || ());
    /// runner.add("import", || ()).after(["load"]).tags(["slow"]);
    /// runner.add("other", || ());
    /// assert_eq!(runner.run().unwrap().tasks().len(), 2);
    /// ```
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.draft.selection = selection;
        self
    }

    /// Mocks a task: it does not run, and its result is this one. `None` is a result of `()`.
    ///
    /// The text is read as the task's result type: as JSON, or else as plain text. For a command it is
    /// the standard output of a successful run. It is a problem of the plan if the text is not valid, or
    /// if the type cannot be read from text.
    #[must_use]
    pub fn mock(mut self, task: impl Into<String>, result: Option<&str>) -> Self {
        self.draft.mocks.push((task.into(), result.map(ToOwned::to_owned)));
        self
    }

    /// The state that the tasks share; an empty one by default.
    ///
    /// A state has the results of one run, the last that began with it. So give each of several runs at
    /// the same time its own state.
    #[must_use]
    pub fn state(mut self, state: impl Into<Arc<State>>) -> Self {
        self.config.state = state.into();
        self
    }
}

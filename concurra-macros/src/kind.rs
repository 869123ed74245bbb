//! Which of the attributes is being expanded, and which options it takes.

/// One of the attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Task,
    Setup,
    Teardown,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Task, Self::Setup, Self::Teardown];

    /// The attribute's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Setup => "setup",
            Self::Teardown => "teardown",
        }
    }

    /// The attribute of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the function is a task rather than a hook.
    pub(crate) fn is_task(self) -> bool {
        self == Self::Task
    }

    /// The options that it takes.
    pub(crate) const fn options(self) -> &'static [&'static str] {
        match self {
            Self::Task => &TASK_OPTIONS,
            Self::Setup | Self::Teardown => &["crate"],
        }
    }
}

/// What `#[task]` takes.
pub(crate) const TASK_OPTIONS: [&str; 10] = [
    "after",
    "with_state",
    "tags",
    "ignore",
    "retries",
    "backoff",
    "timeout",
    "isolate",
    "secret",
    "crate",
];

/// What `#[task]` will take: known words, so that nobody is sent to a name that looks alike.
pub(crate) const LATER_OPTIONS: [&str; 3] = ["serial", "always", "reusable"];

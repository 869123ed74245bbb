//! Which of the attributes the compiler expands.

/// One of the attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Task,
    Setup,
    Teardown,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Task, Self::Setup, Self::Teardown];

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
}

//! Why a request was refused.

use std::fmt;

/// Why a request was refused, and the status that says so.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) reason: String,
}

impl Refusal {
    /// The request makes no sense.
    pub(crate) fn bad(reason: impl Into<String>) -> Self {
        Self { status: 400, reason: reason.into() }
    }

    /// The customer lacks the money.
    pub(crate) fn unaffordable(reason: impl Into<String>) -> Self {
        Self { status: 402, reason: reason.into() }
    }

    /// What the path names is not there.
    pub(crate) fn missing(reason: impl Into<String>) -> Self {
        Self { status: 404, reason: reason.into() }
    }

    /// It cannot be done in the state that things are in.
    pub(crate) fn conflict(reason: impl Into<String>) -> Self {
        Self { status: 409, reason: reason.into() }
    }

    /// The request is well formed, and contradicts what the service knows.
    pub(crate) fn contradiction(reason: impl Into<String>) -> Self {
        Self { status: 422, reason: reason.into() }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self { status: 500, reason: error.to_string() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.reason)
    }
}

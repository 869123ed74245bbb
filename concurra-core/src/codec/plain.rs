//! How values of std's types look as JSON. Durations and the like are as a person reads them, also
//! within lists and maps.
//!
//! Every program has this code for each type of the table, so it is loops rather than chains of
//! iterators, which a build without optimisation makes ten times as long.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

/// A type that is written as JSON.
pub(super) trait Write {
    /// Writes the value; `None` when it cannot be.
    fn to_json(&self) -> Option<Json>;
}

//! How parent and child name a task to each other: both are the same program.

use std::collections::HashMap;

use crate::registry::{self, TaskDef};

/// What only this task has.
pub(crate) fn key(def: &TaskDef) -> String {
    let place = def.place;
    format!("{} {} {}:{}:{}", def.module, def.name, place.file, place.line, place.column)
}

/// Every registered task by its key.
pub(super) fn all() -> HashMap<String, &'static TaskDef> {
    registry::tasks().map(|def| (key(def), def)).collect()
}

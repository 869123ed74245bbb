//! The types of which is known how they are written and read.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::standard;
use crate::value::ResultType;

/// Tells of types; whoever knows some submits one.
pub(crate) struct Source(pub(crate) fn() -> Vec<ResultType>);

inventory::collect!(Source);

/// The types of which is known how they are written and read.
#[derive(Default)]
pub(super) struct Known {
    by_id: HashMap<TypeId, ResultType>,
    /// Types of one name may come from two versions of a package.
    by_name: HashMap<&'static str, Vec<TypeId>>,
}

impl Known {
    /// Made when somebody asks: most runs write no result.
    pub(super) fn get() -> &'static Self {
        static KNOWN: OnceLock<Known> = OnceLock::new();
        KNOWN.get_or_init(|| {
            let told = inventory::iter::<Source>.into_iter().flat_map(|source| source.0());
            let mut known = Self::default();
            standard::types().into_iter().chain(told).for_each(|it| known.add(it));
            known
        })
    }

    /// Adds what is known of a type; what was known before counts more.
    fn add(&mut self, added: ResultType) {
        let name = added.name;
        let known = self.by_id.entry(added.id).or_insert_with(|| {
            self.by_name.entry(name).or_default().push(added.id);
            added
        });
        known.parse = known.parse.or(added.parse);
        known.encode = known.encode.or(added.encode);
        known.decode = known.decode.or(added.decode);
    }

    pub(super) fn of(&self, type_id: TypeId) -> Option<&ResultType> {
        self.by_id.get(&type_id)
    }

    pub(super) fn named(&self, name: &str) -> &[TypeId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

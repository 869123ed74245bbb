//! A set of tasks that returns its smallest: a tree of words. Each bit is set unless the word below it
//! is empty. Four levels hold sixteen million tasks.

use crate::graph::TaskId;

const BITS: usize = u64::BITS as usize;

#[derive(Debug)]
pub(crate) struct OrderedSet {
    /// The lowest level first.
    levels: Vec<Vec<u64>>,
}

impl OrderedSet {
    /// An empty set for tasks below `tasks`.
    pub(crate) fn new(tasks: usize) -> Self {
        let mut levels = Vec::new();
        let mut words = tasks;
        loop {
            words = words.div_ceil(BITS).max(1);
            levels.push(vec![0; words]);
            if words == 1 {
                return Self { levels };
            }
        }
    }

    pub(crate) fn insert(&mut self, task: TaskId) {
        let mut index = task.index();
        for level in &mut self.levels {
            level[index / BITS] |= 1 << (index % BITS);
            index /= BITS;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.levels.last().is_none_or(|top| top[0] == 0)
    }

    /// Takes out the smallest.
    pub(crate) fn pop_first(&mut self) -> Option<TaskId> {
        if self.is_empty() {
            return None;
        }
        let descend =
            |word: usize, level: &Vec<u64>| word * BITS + level[word].trailing_zeros() as usize;
        let first = self.levels.iter().rev().fold(0, descend);
        let mut index = first;
        for level in &mut self.levels {
            let word = &mut level[index / BITS];
            *word &= !(1 << (index % BITS));
            if *word != 0 {
                break;
            }
            index /= BITS;
        }
        Some(first.into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::OrderedSet;
    use crate::graph::TaskId;

    proptest! {
        #[test]
        fn behaves_as_a_sorted_set(
            size in 1_usize..300_000,
            steps in prop::collection::vec((any::<bool>(), any::<u32>()), 0..200),
        ) {
            let mut set = OrderedSet::new(size);
            let mut model = BTreeSet::new();
            for (insert, number) in steps {
                if insert {
                    let task = TaskId::from(number as usize % size);
                    set.insert(task);
                    model.insert(task);
                } else {
                    prop_assert_eq!(set.pop_first(), model.pop_first());
                }
                prop_assert_eq!(set.is_empty(), model.is_empty());
            }
        }
    }
}

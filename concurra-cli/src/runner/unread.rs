//! Parameters of the command line that nothing in a run read.

use std::collections::BTreeSet;

use concurra_core::{State, UnreadParam};

use crate::options::{Program, unread_param};
use crate::supervise::Unread;

/// The parameters that the command line sets.
#[derive(Clone, Debug)]
pub(super) struct SetParams {
    pub(super) names: BTreeSet<String>,
    /// The program that the user called.
    pub(super) program: Program,
}

impl SetParams {
    /// Those that nothing in the run read.
    pub(super) fn unread(&self, state: &State) -> Vec<Unread> {
        let unread = state.unread_params().into_iter();
        let unread = unread.filter(|param| self.names.contains(&param.name));
        unread.map(|UnreadParam { name, nearest }| Unread { name, nearest }).collect()
    }

    /// A warning for each that nothing in the run read.
    pub(super) fn warnings(&self, state: &State) -> Vec<String> {
        let warning = |it: Unread| unread_param(self.program, &it.name, &it.nearest);
        let warnings = self.unread(state).into_iter().map(warning);
        warnings.map(|text| state.mask(&text)).collect()
    }
}

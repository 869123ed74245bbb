//! What the tasks of a run share.
#[derive(Debug, Default)]
/// x
pub struct State;
/// x
#[derive(Debug)]
pub struct Section;
/// x
#[derive(Debug)]
pub struct StateError;
/// x
#[derive(Debug)]
pub struct ResultError;

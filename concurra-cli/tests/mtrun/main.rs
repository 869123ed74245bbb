//! The real `mtrun` over packages as users write them.

mod appearance;
mod crashes;
mod failures;
mod hooks;
mod logging;
mod output;
mod results;
mod robustness;
mod scratch;
mod selection;
mod several;
mod signals;
mod stamp;
mod support;
mod targets;
mod terminal;

//! The real `mtrun` over packages as users write them.

mod again;
mod appearance;
mod attempts;
mod crashes;
mod failures;
mod hooks;
mod isolated;
mod json;
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

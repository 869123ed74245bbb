//! The real `mtrun` over packages as users write them.

mod again;
mod appearance;
mod attempts;
mod crashes;
mod empty;
mod exclusive;
mod failures;
mod hooks;
mod isolated;
mod logging;
mod noise;
mod output;
mod paths;
mod report_kinds;
mod reports;
mod results;
mod robustness;
mod scratch;
mod secrets;
mod selection;
mod several;
mod signals;
mod stamp;
mod support;
mod targets;
mod terminal;

//! Reports as text, as JSON and by name.

mod accessors;
mod codec;
mod events;
mod failures;
mod hooks;
mod json;
mod names;
#[path = "../support/placeless.rs"]
mod placeless;
mod registered;
mod secret_problems;
mod secret_results;
mod secrets;
mod stream;
mod support;
mod table;
mod words;

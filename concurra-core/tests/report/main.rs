//! What a report tells: as text, as JSON, by name.

mod codec;
mod failures;
mod hooks;
mod json;
mod names;
mod registered;
mod secret_results;
mod secrets;
mod stream;
mod support;
mod table;
mod words;

//! Records that tasks log through `tracing`: `--log` shows them, `--log-dir` writes them.

#[cfg(feature = "log")]
mod layer;
#[cfg(feature = "log")]
mod sink;
#[cfg(feature = "log")]
mod subscriber;
#[cfg(feature = "log")]
pub(crate) use subscriber::Handle;

#[cfg(not(feature = "log"))]
mod absent;
#[cfg(not(feature = "log"))]
pub(crate) use absent::Handle;

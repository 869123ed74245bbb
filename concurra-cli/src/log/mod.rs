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

/// Why records cannot be shown or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    #[cfg(feature = "log")]
    #[error("--log-dir {}: {source}", dir.display())]
    Dir { dir: std::path::PathBuf, source: std::io::Error },
    #[cfg(feature = "log")]
    #[error("RUST_LOG={text}: {why}; write a level, or target=level, with commas between")]
    Filter { text: String, why: String },
    #[cfg(not(feature = "log"))]
    #[error("this binary was built without the feature `log` of concurra")]
    NotBuilt,
}

//! How a process died, in words.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// `exited with code 1`, `was killed by SIGSEGV`.
pub(crate) fn death(status: ExitStatus) -> String {
    let Some(signal) = status.signal() else {
        return format!("exited with code {}", status.code().unwrap_or_default());
    };
    let name = signal_hook::low_level::signal_name(signal).map(str::to_owned);
    format!("was killed by {}", name.unwrap_or_else(|| format!("signal {signal}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths() {
        let words = |raw| death(ExitStatus::from_raw(raw));
        assert_eq!(words(libc::SIGSEGV), "was killed by SIGSEGV");
        assert_eq!(words(libc::SIGABRT | 0x80), "was killed by SIGABRT");
        assert_eq!(words(3 << 8), "exited with code 3");
    }
}

//! How a process died, in words.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// `exited with code 1`, `was killed by SIGSEGV`.
pub(crate) fn death(status: ExitStatus) -> String {
    if let Some(signal) = status.signal() {
        return match signal_hook::low_level::signal_name(signal) {
            Some(name) => format!("was killed by {name}"),
            None => format!("was killed by signal {signal}"),
        };
    }
    match status.code() {
        Some(code) => format!("exited with code {code}"),
        None => "ended in an unknown way".to_owned(),
    }
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

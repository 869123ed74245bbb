//! Who is in a process group, on systems where only `ps` tells.

use std::process::{Command, Stdio};

use rustix::process::Pid;

/// Who lives of a group. A process that has ended is a member until it is reaped, so that a signal
/// tells nothing of the others. Nobody, where `ps` does not tell.
pub(super) fn members(group: Pid) -> Vec<Pid> {
    let mut ps = Command::new("ps");
    // A list after one `-o` would be a heading on some systems.
    ps.args(["-A", "-o", "pid=", "-o", "pgid=", "-o", "stat="])
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let table = ps.output().map(|output| output.stdout).unwrap_or_default();
    let table = String::from_utf8_lossy(&table);
    let member = |line: &str| {
        let mut words = line.split_whitespace();
        let mut number = || Pid::from_raw(words.next()?.parse().ok()?);
        let (process, is_in) = (number()?, number()? == group);
        (is_in && !words.next()?.starts_with('Z')).then_some(process)
    };
    table.lines().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::process::CommandExt;

    use rustix::process::{Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    use super::*;

    #[test]
    fn those_that_outlive_their_leader_are_found() {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "sleep 1000 & echo $!"]).process_group(0).stdout(Stdio::piped());
        let mut shell = shell.spawn().expect("a shell");
        let leader = Pid::from_child(&shell);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(leader), options).expect("it ends");
        let found = members(leader);
        kill_process_group(leader, Signal::KILL).expect("it is not reaped");
        // The pipe is at its end once the sleeper is gone.
        let mut number = String::new();
        shell.stdout.take().expect("it is piped").read_to_string(&mut number).expect("a number");
        let sleeper = number.trim().parse().ok().and_then(Pid::from_raw);
        assert_eq!(found, Vec::from_iter(sleeper));
        shell.wait().expect("nobody else reaps it");
        assert_eq!(members(leader), []);
    }
}

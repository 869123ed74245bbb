//! The members of a process group.

use rustix::process::Pid;

/// The living processes of a group. A signal cannot find them: it succeeds as long as the dead leader
/// is not reaped.
#[cfg(target_os = "linux")]
pub(super) fn members(group: Pid) -> Vec<Pid> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_member = |number: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        // The name in front may contain any characters: `7 (a) b) S 1 7 ..`.
        let (_, fields) = stat.rsplit_once(") ").unwrap_or_default();
        let mut fields = fields.split(' ');
        let (state, own) = (fields.next(), fields.nth(1));
        !matches!(state, None | Some("Z" | "X")) && own == Some(group.to_string().as_str())
    };
    numbers.filter(is_member).filter_map(Pid::from_raw).collect()
}

/// The living processes of a group, as `ps` lists them; none without `ps`.
#[cfg(not(target_os = "linux"))]
pub(super) fn members(group: Pid) -> Vec<Pid> {
    use std::process::{Command, Stdio};
    let mut ps = Command::new("ps");
    // A list after one `-o` would be a heading on some systems.
    ps.args(["-A", "-o", "pid=", "-o", "pgid=", "-o", "stat="]);
    let table = ps.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let table = table.map(|output| output.stdout).unwrap_or_default();
    let member = |line: &str| {
        let mut words = line.split_whitespace();
        let mut number = || Pid::from_raw(words.next()?.parse().ok()?);
        let (process, is_in) = (number()?, number()? == group);
        (is_in && !words.next()?.starts_with('Z')).then_some(process)
    };
    String::from_utf8_lossy(&table).lines().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use rustix::process::{Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    use super::*;

    #[test]
    fn members_that_outlive_their_leader_are_found() {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "sleep 1000 & echo $!"]).process_group(0).stdout(Stdio::piped());
        let mut shell = shell.spawn().expect("a shell");
        let leader = Pid::from_child(&shell);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(leader), options).expect("it ends");
        let found = members(leader);
        kill_process_group(leader, Signal::KILL).expect("it is not reaped");
        // The pipe ends with the sleeper.
        let mut number = String::new();
        shell.stdout.take().expect("it is piped").read_to_string(&mut number).expect("a number");
        let sleeper = number.trim().parse().ok().and_then(Pid::from_raw);
        assert_eq!(found, Vec::from_iter(sleeper));
        shell.wait().expect("only this test reaps it");
        // A process closes its files a moment before it ends.
        let deadline = Instant::now() + Duration::from_secs(60);
        while !members(leader).is_empty() {
            assert!(Instant::now() < deadline, "the sleeper is still a member");
            std::thread::yield_now();
        }
    }
}

//! What ends commands when this program ends before them, however it ends. Unaware of runs.
//!
//! A command has a process group of its own, so that all that it starts can be ended with it. But a
//! terminal's Ctrl-C does not reach that group, and after a program that was killed nobody is left
//! to end it. So a shell beside this program hears of every group over a pipe. When the pipe is at
//! its end, which it is when this program has ended, the shell kills the groups that are left.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

use rustix::process::Pid;

use super::spec::SHELL;

/// Begins and ends of groups come in their order, so no group is killed whose number may belong to
/// others by then.
const SCRIPT: &str = r#"trap '' HUP INT TERM
groups=' '
while read -r what group; do
    case $what in
        begin) groups="$groups$group " ;;
        end) groups="${groups%% $group *} ${groups#* $group }" ;;
        *) break ;;
    esac
done
for group in $groups; do
    kill -s KILL -- "-$group"
done"#;

/// Guards commands; there is a shell only when there are some.
#[derive(Debug, Default)]
pub(crate) struct Guard(OnceLock<io::Result<Child>>);

/// A group that ends with this program.
#[derive(Debug)]
pub(super) struct Guarded {
    guard: Arc<Guard>,
    leader: Pid,
}

impl Guard {
    /// Guards a group until that is dropped, which has to be before the leader is reaped.
    pub(super) fn watch(self: &Arc<Self>, leader: Pid) -> Guarded {
        self.tell(&format!("begin {leader}"));
        Guarded { guard: Arc::clone(self), leader }
    }

    /// Begins before the first command does, as one that begins unguarded may be left behind.
    pub(crate) fn begin(&self) {
        self.0.get_or_init(start);
    }

    fn tell(&self, line: &str) {
        let shell = self.0.get().and_then(|shell| shell.as_ref().ok());
        if let Some(mut pipe) = shell.and_then(|shell| shell.stdin.as_ref()) {
            // A shell that could not be started, or was killed, guards nothing; commands run all
            // the same.
            drop(pipe.write_all(format!("{line}\n").as_bytes()));
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.guard.tell(&format!("end {}", self.leader));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(Ok(mut shell)) = self.0.take() else { return };
        if let Some(mut pipe) = shell.stdin.take() {
            // The pipe's end may be held by a copy of this program that it forked.
            drop(pipe.write_all(b"over\n"));
        }
        drop(shell.wait());
    }
}

fn start() -> io::Result<Child> {
    let mut shell = Command::new(SHELL);
    shell.args(["-c", SCRIPT, "concurra: ends commands with their program"]);
    // It keeps no folder, no terminal and no reader of this program's output busy.
    shell.current_dir("/").process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

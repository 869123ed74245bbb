//! Ends commands when this program ends before them, however it ends. Unaware of runs.
//!
//! Each command leads its own process group, so that it can be killed with all that it starts. But a
//! terminal's Ctrl-C does not reach that group, and a program that was killed cannot end it. So this
//! program sends the number of every group to a shell, over a pipe. When the pipe ends, as it does
//! with this program, the shell kills the groups that are left.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use rustix::process::Pid;

use super::spec::SHELL;

/// Begins and ends of groups come in order. So the shell kills no group whose number may belong to
/// other processes by then.
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

/// The shell that guards commands; it starts with the first command.
#[derive(Debug, Default)]
pub(crate) struct Guard(OnceLock<Option<Child>>);

impl Guard {
    /// Starts the shell, before the first command: one that starts unguarded may be left behind.
    pub(crate) fn begin(&self) {
        self.0.get_or_init(start);
    }

    /// Guards the group of a leader (`begin`), or guards it no more (`end`), before it is reaped.
    pub(super) fn send(&self, word: &str, leader: Pid) {
        // Without the shell, which may not start or may be killed, commands run unguarded.
        if let Some(Some(Child { stdin: Some(pipe), .. })) = self.0.get() {
            drop((&*pipe).write_all(format!("{word} {leader}\n").as_bytes()));
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(Some(mut shell)) = self.0.take() else { return };
        if let Some(mut pipe) = shell.stdin.take() {
            // The pipe's end may be held by a copy of this program that it forked.
            drop(pipe.write_all(b"over\n"));
        }
        drop(shell.wait());
    }
}

fn start() -> Option<Child> {
    let mut shell = Command::new(SHELL);
    shell.args(["-c", SCRIPT, "concurra: ends commands with their program"]);
    // It keeps no folder, no terminal and no reader of this program's output busy.
    shell.current_dir("/").process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

//! What a run leaves undone that ends at once.

use concurra_core::RunView;

/// Names what runs and which clean-up did not run, and counts the other tasks; each part on a line of
/// its own.
pub(super) fn undone(run: &RunView) -> String {
    let (always, others): (Vec<_>, Vec<_>) = run.waiting().partition(|task| task.runs_always);
    let always = always.iter().map(|task| format!("`always` task {}", task.name));
    let teardowns = run.waiting_teardowns().map(|name| format!("teardown {name}"));
    let others = match others.len() {
        0 => None,
        1 => Some("1 other task".to_owned()),
        several => Some(format!("{several} other tasks")),
    };
    let undone: Vec<String> = always.chain(teardowns).chain(others).collect();
    let line = |what: &str, names: &[String]| match names {
        [] => String::new(),
        names => format!("\n  {what}: {}", names.join(", ")),
    };
    let hook = run.running_hook().map(|hook| format!("{} {}", hook.hook, hook.name));
    let running: Vec<String> =
        hook.into_iter().chain(run.running_tasks().map(|task| task.name.clone())).collect();
    line("still running", &running) + &line("did not run", &undone)
}

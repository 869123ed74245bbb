//! A release pipeline in code: closures, annotated functions and commands in one plan, with
//! retries, timeouts, a worker process and a clean-up that runs whatever happens.
//!
//! `cargo run --example pipeline`

use std::error::Error;
use std::time::Duration;

use concurra::{Backoff, CommandOutput, State, task};

/// It may crash without taking the pipeline with it.
#[task(isolate, after = ["version"])]
fn check_licences(state: &State) -> Result<String, concurra::ResultError> {
    let version = state.result::<String>("version")?;
    Ok(format!("licences of {version} are fine"))
}

/// An upload that fails now and then.
fn upload() -> impl FnMut() -> Result<(), String> + Send + 'static {
    let mut attempts = 0;
    move || {
        attempts += 1;
        if attempts < 3 { Err(format!("attempt {attempts}: connection reset")) } else { Ok(()) }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Worker processes of this program begin here and go no further.
    concurra::worker_process();
    let mut runner = concurra::registered!().name("release").workers(4).handle_signals(true);
    runner.add("version", || "1.2.0".to_owned());
    runner
        .command("build", ["echo", "building"])
        .after(["version"])
        .timeout(Duration::from_secs(60));
    runner
        .add_with_state("package", |state: &State| {
            let build =
                state.result::<CommandOutput>("build").map_err(|error| error.to_string())?;
            Ok::<_, String>(format!("packaged after {}", build.stdout.as_str().trim()))
        })
        .after(["build", "check_licences"]);
    runner
        .add("upload", upload())
        .after(["package"])
        .retries(4)
        .backoff(Backoff::exponential(Duration::from_millis(10), Duration::from_secs(1)));
    runner
        .shell("announce", "echo \"released $VERSION\" | tr a-z A-Z")
        .after(["upload"])
        .env("VERSION", "1.2.0");
    runner.command("remove temporary files", ["echo", "clean"]).after(["upload"]).always();

    let run = runner.start()?;
    let report = run.wait();
    println!("{report}");
    println!("{}", report["announce"].result::<CommandOutput>()?.stdout.as_str());
    report.verify_with("the release failed")?;
    Ok(())
}

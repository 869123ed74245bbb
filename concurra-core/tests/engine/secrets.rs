//! Events contain no secrets.

use concurra_core::{Event, Observer, Plan, Runner, State};

use crate::support::{Log, watched};

/// Keeps what events say.
struct Told(Log<String>);

impl Observer for Told {
    fn event(&mut self, _: &Plan, event: &Event) {
        self.0.add(format!("{event:?}"));
    }
}

#[test]
fn events_mask_secrets() {
    let told = Log::default();
    let params = [("token".to_owned(), "hunter2-param".to_owned())];
    let mut runner = Runner::new()
        .state(State::with_params(params.into_iter().collect()))
        .secret_params(["token", "not given"])
        .retries(1)
        .observe(Box::new(Told(told.clone())));
    runner
        .shell("command", "echo $KEY; echo $KEY >&2; exit 1")
        .secret_env("KEY", "hunter2-command");
    let fails = |state: &State| {
        Err::<(), _>(format!("refused {}", state.param("token").unwrap_or_default()))
    };
    runner.add_with_state("closure", fails);
    let skips = |state: &State| -> () {
        concurra_core::skip(format!("no {}", state.param("token").unwrap_or_default()))
    };
    runner.add_with_state("skips", skips);
    let report = watched(|| runner.run()).expect("a plan");
    let text =
        format!("{} {report} {} {:?}", told.all().join(""), report.to_json(), report.verify());
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("refused ***") && text.contains("no ***"), "{text}");
    let failure = report["command"].failure().expect("it failed").to_string();
    assert!(failure.contains("***"), "{failure}");
}

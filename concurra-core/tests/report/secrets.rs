//! Secrets in reports.

use concurra_core::{
    CommandOutput, Completion, Context, Registration, Runner, State, TaskDef, TaskOptions,
    inventory,
};
use serde_json::json;

use crate::registered::described;
use crate::support::{registered, run, text};

fn token(_: &Context<'_>) -> Completion {
    concurra_core::complete(Ok(String::from("tok-swordfish")))
}

inventory::submit! {
    Registration::Task(|| const { &TaskDef {
        options: TaskOptions { secret: true, ..TaskOptions::NONE },
        ..described!("report::vault", "token", token, String)
    } })
}

#[test]
fn the_result_of_a_secret_task_is_masked() {
    let mut runner = registered("report");
    runner.add("login", || Err::<(), _>("tok-swordfish was refused")).after(["vault::token"]);
    runner.add("echo", || ["tok-swordfish", "other"].map(String::from).to_vec());
    runner
        .add("keyed", || std::collections::BTreeMap::from([(String::from("tok-swordfish"), 1i64)]));
    let report = run(runner);
    assert_eq!(*report["token"].result::<String>().expect("passed"), "tok-swordfish");
    let (json, text) = (report.to_json(), text(&report));
    let all = json["tasks"].as_array().expect("a list");
    assert!(!json.to_string().contains("sword"), "{json}");
    assert!(!text.contains("sword"), "{text}");
    assert!(text.contains("\n  *** was refused\n"), "{text}");
    assert_eq!(all[0]["task"], "report::vault::token");
    assert_eq!(all[0]["result"], "***");
    assert_eq!(all[1]["error"], "*** was refused");
    assert_eq!(all[2]["result"], json!(["***", "other"]));
    assert_eq!(all[3]["result"], json!({"***": 1}));
    assert_eq!(report.mask("a tok-swordfish b"), "a *** b");
    assert!(!report.verify().expect_err("it failed").to_string().contains("sword"));
}

#[test]
fn secrets_of_commands_are_masked() {
    let mut runner = Runner::new();
    runner.shell("login", "echo $TOKEN; echo $TOKEN >&2; exit 1").secret_env("TOKEN", "hush-hush");
    runner.command("said", ["echo", "hush-hush"]).secret_env("TOKEN", "hush-hush");
    runner.command("elsewhere", ["echo", "hush-hush"]);
    runner.add("error", || Err::<(), _>("hush-hush"));
    let report = run(runner);
    let (json, text) = (report.to_json(), text(&report));
    assert!(!json.to_string().contains("hush"), "{json}");
    assert!(!text.contains("hush"), "{text}");
    let all = &json["tasks"];
    assert_eq!(all[0]["result"]["stdout"], "***\n");
    assert_eq!(all[0]["error"], "exited with 1: ***");
    // Quotes may change a secret, so a command's own masks come before them.
    assert_eq!(all[1]["task"], "echo '***'");
    assert_eq!(all[2]["task"], "echo ***");
    assert_eq!(all[3]["error"], "***");
}

#[test]
fn a_mock_of_a_secret_task_is_masked() {
    let runner = registered("report").mock("token", Some("from-outside"));
    let report = run(runner);
    assert!(!report.to_json().to_string().contains("outside"));
    assert_eq!(report.to_json()["tasks"][0]["result"], "***");
}

#[test]
fn the_result_of_a_secret_closure_is_masked() {
    let mut runner = Runner::new();
    runner.add("token", || String::from("tok-swordfish")).secret();
    runner.add("login", || Err::<(), _>("tok-swordfish was refused")).after(["token"]);
    let report = run(runner);
    assert_eq!(*report["token"].result::<String>().expect("passed"), "tok-swordfish");
    assert!(!report.to_json().to_string().contains("sword"));
    assert_eq!(report.to_json()["tasks"][0]["result"], "***");
    assert!(!text(&report).contains("sword"));
}

#[test]
fn each_line_of_a_secret_is_masked() {
    let key = "-----BEGIN KEY-----\n  MIIEvQIBADAN\n}\n-----END KEY-----";
    let mut runner = Runner::new();
    runner.shell("shows", "echo \"$KEY\" | sed 's/^/> /'; exit 1").secret_env("KEY", key);
    let report = run(runner);
    let all = format!("{} {}", report.to_json(), text(&report));
    assert!(!all.contains("MIIEv") && !all.contains("BEGIN"), "{all}");
    let stdout = &report.to_json()["tasks"][0]["result"]["stdout"];
    // A lone brace says nothing, and stands in too many texts.
    assert_eq!(stdout, "> ***\n>   ***\n> }\n> ***\n");
}

#[test]
fn a_secret_parameter_is_hidden_in_commands() {
    let state = State::with_params([("token".to_owned(), "tok-swordfish".to_owned())].into());
    let mut runner = Runner::new().state(state).secret_params(["token"]);
    runner.command("log in", ["echo", "tok-swordfish"]).current_dir("/");
    runner.add("tok-swordfish", || ());
    let report = run(runner);
    let task = &report["log in"];
    let output = task.result::<CommandOutput>().expect("it passed");
    assert_eq!((task.info().task, output.command.as_str()), ("echo ***".to_owned(), "echo ***"));
    assert_eq!(output.stdout.as_str(), "tok-swordfish\n", "who asks for it has it");
    let shown = format!("{output:?} {} {:?}", output.to_json(), report.tasks());
    assert!(!shown.contains("sword"), "{shown}");
}

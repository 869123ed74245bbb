//! One task alone, with results and parameters that come from outside.

use crate::support::{flows, mtrun, mtrun_in};

const SHOW: &str = "tests/values.rs::show";

#[test]
fn one_function_runs_alone_with_a_mock_as_its_input() {
    mtrun(&["tests/six.rs::test_b", "--result-test_a=mock"])
        .exits(0)
        .ended("PASS test_b, MOCK test_a")
        .prints(&["selected 1 of 6; 1 mocked\nrunning 1 task (1 mocked) on "])
        .prints(&["test_b sees \"mock\"\n", "==== 1 passed, 1 mocked in "]);
}

#[test]
fn one_function_with_its_dependencies() {
    mtrun(&["tests/six.rs::test_b", "--with-deps"])
        .exits(0)
        .ended("PASS test_a test_b")
        .prints(&["test_b sees \"a\""]);
    mtrun(&["tests/six.rs::test_c"])
        .exits(0)
        .ended("PASS test_c")
        .prints(&["1 dependency not run (--with-deps runs them)"]);
}

#[test]
fn results_are_json_when_their_type_reads_it_and_text_otherwise() {
    let mtrun = |result: &str| mtrun(&[SHOW, result]).exits(0);
    mtrun(r#"--result-object={"a": 1, "b": -2}"#).prints(&[r#"object=Ok({"a": 1, "b": -2})"#]);
    mtrun("--result-number=-42").prints(&["number=Ok(-42)"]);
    mtrun("--result-text=two words").prints(&["text=Ok(\"two words\")"]);
    mtrun("--result-text=\"quoted\"").prints(&["text=Ok(\"quoted\")"]);
    mtrun(r#"--result-json=[1, null, {"x": "y"}]"#).prints(&["json=Ok(Array [Number(1), Null"]);
    mtrun("--result-nothing").prints(&["nothing=Ok(())"]);
    mtrun("--result-nothing=anything").prints(&["nothing=Ok(())"]);
}

#[test]
fn results_in_the_other_spelling_and_more_than_one() {
    mtrun(&[SHOW, "--result", "number=7", "--result", "text=x", "--result", "nothing"])
        .exits(0)
        .ended("PASS show, MOCK nothing number text")
        .prints(&["text=Ok(\"x\")\nnumber=Ok(7)"]);
}

#[test]
fn a_result_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("object.json");
    std::fs::write(&file, "{\"from\": 12}\n").expect("a file");
    let result = format!("--result-object=@{}", file.display());
    mtrun(&[SHOW, &result]).exits(0).prints(&["object=Ok({\"from\": 12})"]);
    mtrun(&[SHOW, "--result-object=@absent.json"])
        .exits(94)
        .ended("")
        .complains("`--result-object` cannot be `@absent.json`: cannot read `")
        .complains("absent.json`: No such file");
}

#[test]
fn a_mocked_task_and_its_own_dependencies_do_not_run() {
    mtrun(&["six", "test_e", "--result-test_c"])
        .exits(0)
        .ended("PASS test_e, MOCK test_c")
        .lacks("test_a");
}

#[test]
fn a_result_for_an_unknown_task_is_refused_with_the_nearest_name() {
    mtrun(&["tests/six.rs::test_b", "--result-tes_a=mock"])
        .exits(96)
        .ended("")
        .complains("a mock (`--result`) names no task: `tes_a`; did you mean `test_a`?");
}

#[test]
fn a_result_of_a_wrong_type_is_refused_before_anything_runs() {
    mtrun(&[SHOW, "--result-number=twelve"])
        .exits(94)
        .ended("")
        .complains("the mock of `number` (`--result-number`): `twelve` is not an i64");
    mtrun(&[SHOW, "--result-object=x"])
        .exits(94)
        .ended("")
        .complains("the mock of `object` (`--result-object`): `x` is not a BTreeMap<String, i64>");
    mtrun(&[SHOW, "--result-opaque=x"])
        .exits(94)
        .ended("")
        .complains("the mock of `opaque` (`--result-opaque`): an Opaque cannot be read from text");
}

#[test]
fn a_function_that_does_not_exist_is_refused_with_the_nearest_name() {
    mtrun(&["tests/six.rs::tst_b"])
        .exits(96)
        .ended("")
        .complains("the target names no task: `tst_b`; did you mean `test_b`?");
}

#[test]
fn parameters_reach_setups_and_tasks() {
    mtrun(&["hooks", "--env=dev", "--region=us-west"])
        .exits(0)
        .prints(&["a_first env=Some(\"dev\") region=Some(\"us-west\")", "work env=Some(\"dev\")"]);
    mtrun(&["hooks", "--set", "env=dev", "--env=later"]).exits(0).prints(&["env=Some(\"later\")"]);
    mtrun(&["hooks", "--", "--env=behind"]).exits(0).prints(&["env=Some(\"behind\")"]);
}

#[test]
fn parameters_from_a_file_and_from_the_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("params.json");
    std::fs::write(&file, r#"{"env": "file", "region": 3}"#).expect("a file");
    let file = file.display().to_string();
    for option in ["--params-file", "--state-file"] {
        mtrun(&["hooks", option, &file])
            .exits(0)
            .prints(&["a_first env=Some(\"file\") region=Some(\"3\")"]);
    }
    mtrun(&["hooks", "--env=line", "--params-file", &file])
        .exits(0)
        .prints(&["env=Some(\"line\") region=Some(\"3\")"]);
    mtrun(&["hooks", "--set", "env=@env:PATH"]).exits(0).prints(&["env=Some(\"", "/"]);
    mtrun(&["hooks", "--set", "env=@env:NO_SUCH_VARIABLE"])
        .exits(94)
        .complains("`NO_SUCH_VARIABLE` is not set");
    std::fs::write(&file, "[1]").expect("a file");
    mtrun(&["hooks", "--params-file", &file])
        .exits(94)
        .complains("`--params-file` cannot be `")
        .complains("params.json`: it must hold one JSON object of parameters");
}

#[test]
fn relative_paths_start_where_the_person_is() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("params.json"), r#"{"env": "here"}"#).expect("a file");
    std::fs::write(folder.path().join("number.txt"), "12").expect("a file");
    let manifest = format!("--manifest-path={}", flows().join("Cargo.toml").display());
    let params = [&manifest, "hooks", "--params-file=params.json"];
    mtrun_in(folder.path(), &params).exits(0).prints(&["work env=Some(\"here\")"]);
    let result = [&manifest, "values", "show", "--result-number=@number.txt", "--log-dir=logs"];
    mtrun_in(folder.path(), &result).exits(0).prints(&["number=Ok(12)"]);
    assert!(folder.path().join("logs").is_dir());
}

#[test]
fn a_misspelt_option_is_not_a_parameter() {
    mtrun(&["six", "--worker=3"])
        .exits(94)
        .ended("")
        .complains("`--worker` is too near to the option `--workers` to be a parameter");
    mtrun(&["six", "--workers"]).exits(94).complains("write `--workers=VALUE`");
    mtrun(&["six", "--workers=0"]).exits(94).complains("at least 1");
    mtrun(&["six", "--region"]).exits(94).complains("unknown option `--region`");
    mtrun(&["six", "--async-limit=3"]).exits(94).complains("not supported by this version");
    mtrun(&["six", "--jobs=3"]).exits(94).complains("`--workers`");
    mtrun(&["hooks", "--set", "worker=3"]).exits(0);
}

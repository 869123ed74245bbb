//! What becomes of the types that annotated functions return, seen through their descriptors.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use concurra::__private::{Completion, Context, HookDef, Registration, TaskDef, inventory};
use concurra::{State, setup, task, teardown};
use concurra_core::{Ending, Failure, Value};

fn tasks() -> impl Iterator<Item = &'static TaskDef> {
    inventory::iter::<Registration>.into_iter().filter_map(|registration| match registration {
        Registration::Task(def) => Some(def()),
        _ => None,
    })
}

fn def(name: &str) -> &'static TaskDef {
    tasks().find(|def| def.name == name).expect("the task is registered")
}

fn hook(name: &str) -> &'static HookDef {
    let mut hooks = inventory::iter::<Registration>.into_iter().filter_map(|it| match it {
        Registration::Hook(def) => Some(def()),
        _ => None,
    });
    hooks.find(|def| def.name == name).expect("the hook is registered")
}

fn run(name: &str) -> Completion {
    (def(name).body)(&Context::new(&Arc::new(State::default())))
}

fn result<T: Send + Sync + Clone + 'static>(completion: Completion) -> T {
    let value: Value = completion.expect("it passes").expect("it is not `()`");
    (*value.downcast::<T>().expect("the value has the type of the result")).clone()
}

fn failure(completion: Completion) -> Failure {
    match completion {
        Err(Ending::Failed(failure)) => failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

fn mocked<T: Send + Sync + Clone + 'static>(name: &str, text: &str) -> Result<T, String> {
    let parse = (def(name).result)().parse.expect("the type can be read from text");
    parse(text).map(|value| result(Ok(value)))
}

/// An error with a cause.
#[derive(Debug)]
struct Outer;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&fmt::Error)
    }
}

/// An error that must stay on its thread.
#[derive(Debug)]
struct Local(#[expect(dead_code, reason = "it only keeps the type on its thread")] Rc<u8>);

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("local")
    }
}

impl Error for Local {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&fmt::Error)
    }
}

#[derive(Debug)]
struct OnlyDebug;

struct OnlyDisplay;

impl fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only display")
    }
}

struct Nothing;

/// What serde reads and `FromStr` does not.
type Row = BTreeMap<String, u32>;

fn one_row(id: u32) -> Row {
    BTreeMap::from([("id".to_owned(), id)])
}

/// Neither readable nor printable.
#[derive(Clone)]
struct Opaque;

type Short<T> = Result<T, Outer>;
type Unit = ();

#[task]
fn bare() {}
#[task]
#[expect(clippy::unused_unit, reason = "the macro must know it from a result")]
fn unit() -> () {}
#[task]
fn alias_of_unit() -> Unit {}
#[task]
fn number() -> i32 {
    7
}
#[task]
fn text() -> String {
    "text".to_owned()
}
#[task]
fn literal() -> &'static str {
    "literal"
}
#[task]
fn row() -> Row {
    one_row(1)
}
#[task]
fn rows() -> Vec<Row> {
    Vec::new()
}
#[task]
fn path() -> PathBuf {
    PathBuf::from("a")
}
#[task]
fn address() -> std::net::IpAddr {
    std::net::Ipv4Addr::LOCALHOST.into()
}
#[task]
fn opaque() -> Opaque {
    Opaque
}
#[task]
fn maybe() -> Option<i32> {
    None
}
#[task]
fn ok_number() -> Result<i32, Outer> {
    Ok(8)
}
#[task]
fn ok_literal() -> Result<&'static str, Outer> {
    Ok("fine")
}
#[task]
fn ok_unit() -> Result<(), Outer> {
    Ok(())
}
#[task]
fn alias() -> Short<i32> {
    Err(Outer)
}
#[task]
fn any() -> anyhow::Result<i32> {
    Err(anyhow::Error::new(Outer).context("while loading"))
}
#[task]
fn any_spelled() -> Result<(), anyhow::Error> {
    Err(anyhow::anyhow!("plain"))
}
#[task]
fn boxed() -> Result<i32, Box<dyn Error>> {
    Err(Box::new(Outer))
}
#[task]
fn boxed_sync() -> Result<i32, Box<dyn Error + Send + Sync>> {
    Err(Box::new(Outer))
}
#[task]
fn boxed_send() -> Result<i32, Box<dyn Error + Send>> {
    Err(Box::new(Outer))
}
#[task]
fn rc_error() -> Result<i32, Rc<Outer>> {
    Err(Rc::new(Outer))
}
#[task]
fn concrete() -> Result<i32, Outer> {
    Err(Outer)
}
#[task]
fn string_error() -> Result<i32, String> {
    Err("a string".to_owned())
}
#[task]
fn str_error() -> Result<i32, &'static str> {
    Err("a literal")
}
#[task]
fn local_error() -> Result<i32, Local> {
    Err(Local(Rc::new(1)))
}
#[task]
fn debug_error() -> Result<i32, OnlyDebug> {
    Err(OnlyDebug)
}
#[task]
fn display_error() -> Result<i32, OnlyDisplay> {
    Err(OnlyDisplay)
}
#[task]
fn silent_error() -> Result<i32, Nothing> {
    Err(Nothing)
}
#[task]
fn nested() -> Result<Result<i32, Outer>, Outer> {
    Ok(Ok(1))
}

#[task(with_state)]
fn takes_state(state: &State) -> usize {
    state.keys().len()
}
#[task]
#[expect(clippy::needless_lifetimes, reason = "the expansion must do without the name")]
fn takes_both<'run>(one: &'run State, other: Arc<State>, context: &Arc<State>) -> bool {
    std::ptr::eq(one, &*other) && Arc::ptr_eq(&other, context)
}

#[setup]
fn begin(_: &State) -> Result<Rc<u8>, Outer> {
    Ok(Rc::new(1))
}
#[teardown]
fn end() -> anyhow::Result<()> {
    anyhow::bail!("still open")
}

/// Names that the expansion could have shadowed.
mod shadows {
    use super::task;

    #[task]
    fn context() -> u8 {
        1
    }
    #[task]
    fn body() {}
    #[task]
    fn def() {}
    #[task(after = ["r#type"])]
    fn r#match() {}
}

mod within {
    #[concurra::task(after = ["a", "b::c"], tags = ["x"], ignore = "why")]
    fn described() {}
}

concurra::link!(concurra_core, anyhow = "their_own_name");

#[test]
fn links_are_registered_by_the_names_of_their_crates() {
    let mut names: Vec<&str> = inventory::iter::<Registration>
        .into_iter()
        .filter_map(|registration| match registration {
            Registration::Link(def) => Some(def().krate),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["concurra_core", "their_own_name"]);
}

#[test]
fn nothing_is_a_result_of_no_value() {
    for name in ["bare", "unit", "alias_of_unit", "ok_unit"] {
        assert!(run(name).expect("it passes").is_none(), "{name}");
        let parse = (def(name).result)().parse.expect("`()` takes anything");
        assert!(parse("whatever").expect("it takes anything").is_none(), "{name}");
        assert!(parse("").expect("it takes no value").is_none(), "{name}");
        assert_eq!((def(name).result)().name, "()");
    }
}

#[test]
fn plain_values_are_results() {
    assert_eq!(result::<i32>(run("number")), 7);
    assert_eq!(result::<String>(run("text")), "text");
    assert_eq!(result::<&'static str>(run("literal")), "literal");
    assert_eq!(result::<Row>(run("row")), one_row(1));
    assert_eq!(result::<Option<i32>>(run("maybe")), None);
    result::<Opaque>(run("opaque"));
}

#[test]
fn ok_is_looked_through_once() {
    assert_eq!(result::<i32>(run("ok_number")), 8);
    assert!(run("nested").expect("it passes").is_some_and(|it| it.type_name().contains("Result")));
    assert_eq!((def("ok_number").result)().name, "i32");
    assert_eq!((def("alias").result)().name, "i32");
    assert_eq!((def("any").result)().name, "i32");
}

#[test]
fn errors_are_printed_with_their_causes() {
    let causes = |name| {
        let failure = failure(run(name));
        (failure.message, failure.causes)
    };
    let cause = || vec![fmt::Error.to_string()];
    for name in ["alias", "boxed", "boxed_sync", "concrete"] {
        assert_eq!(causes(name), ("outer".to_owned(), cause()), "{name}");
    }
    let all = vec!["outer".to_owned(), fmt::Error.to_string()];
    assert_eq!(causes("any"), ("while loading".to_owned(), all));
    assert_eq!(causes("any_spelled"), ("plain".to_owned(), vec![]));
    assert_eq!(causes("local_error"), ("local".to_owned(), cause()));
    assert_eq!(causes("string_error"), ("a string".to_owned(), vec![]));
    assert_eq!(causes("str_error"), ("a literal".to_owned(), vec![]));
    assert_eq!(causes("debug_error"), ("OnlyDebug".to_owned(), vec![]));
    assert_eq!(causes("display_error"), ("only display".to_owned(), vec![]));
    assert_eq!(causes("boxed_send"), ("outer".to_owned(), vec![]));
    assert!(causes("rc_error").0.contains("outer"));
    assert!(causes("silent_error").0.contains("Nothing"));
}

#[test]
fn mocks_are_read_from_text() {
    assert_eq!(mocked("number", "12"), Ok(12));
    assert!(mocked::<i32>("number", "twelve").is_err());
    assert_eq!(mocked("ok_number", "12"), Ok(12));
    assert_eq!(mocked("any", "12"), Ok(12));
    assert_eq!(mocked("text", "plain"), Ok("plain".to_owned()));
    assert_eq!(mocked("text", "\"quoted\""), Ok("quoted".to_owned()));
    assert_eq!(mocked("literal", "plain"), Ok("plain"));
    assert_eq!(mocked("ok_literal", "\"quoted\""), Ok("quoted"));
    assert_eq!(mocked("row", r#"{"id": 3}"#), Ok(one_row(3)));
    assert!(mocked::<Row>("row", r#"{"id": "x"}"#).is_err());
    assert_eq!(mocked("rows", r#"[{"id": 3}]"#), Ok(vec![one_row(3)]));
    assert_eq!(mocked("maybe", "null"), Ok(None::<i32>));
    assert_eq!(mocked("maybe", "4"), Ok(Some(4)));
    assert_eq!(mocked("path", "a/b"), Ok(PathBuf::from("a/b")));
    assert_eq!(mocked("address", "127.0.0.1"), Ok(std::net::IpAddr::from([127, 0, 0, 1])));
    assert!((def("opaque").result)().parse.is_none());
}

#[test]
fn parameters_receive_the_state() {
    assert_eq!(result::<usize>(run("takes_state")), 0);
    assert!(result::<bool>(run("takes_both")));
}

#[test]
fn hooks_may_fail_and_return_anything() {
    let state = Arc::new(State::default());
    assert!((hook("begin").body)(&Context::new(&state)).expect("it passes").is_none());
    assert_eq!(failure((hook("end").body)(&Context::new(&state))).message, "still open");
}

#[test]
fn no_name_is_shadowed() {
    assert_eq!(result::<u8>(run("context")), 1);
    run("body").expect("it passes");
    run("def").expect("it passes");
    assert_eq!(def("match").after, ["type"]);
}

#[test]
fn descriptors_say_what_was_written() {
    let def = def("described");
    assert_eq!(def.module, "returns::within");
    assert_eq!(def.target, Some("(test)"));
    assert_eq!(def.place.file, file!());
    let line = include_str!("returns.rs").lines().nth(def.place.line as usize - 1);
    assert_eq!(line, Some("    fn described() {}"));
    assert_eq!(def.place.column, 8);
    assert_eq!((def.after, def.tags), (&["a", "b::c"][..], &["x"][..]));
    assert_eq!(def.ignore, Some("why"));
}

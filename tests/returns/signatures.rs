//! What annotated functions may take and be called, and what hooks may return.

use std::rc::Rc;
use std::sync::Arc;

use concurra::__private::{Context, HookDef, Registration};
use concurra::{State, setup, task, teardown};

use crate::errors::Outer;
use crate::{def, failure, registered, result, run};

pub(crate) fn hook(name: &str) -> &'static HookDef {
    let mut hooks = registered(|registration| match registration {
        Registration::Hook(def) => Some(def()),
        _ => None,
    });
    hooks.find(|def| def.name == name).expect("the hook is registered")
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

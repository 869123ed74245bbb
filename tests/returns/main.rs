//! What becomes of the types that annotated functions return, seen through their descriptors.

mod descriptors;
mod errors;
mod judged;
mod signatures;
mod values;

use std::sync::Arc;

use concurra::__private::{Completion, Context, Registration, TaskDef, inventory};
use concurra::State;
use concurra_core::{Ending, Failure, Value};

/// What is registered of one kind.
fn registered<T>(kind: fn(&Registration) -> Option<T>) -> impl Iterator<Item = T> {
    inventory::iter::<Registration>.into_iter().filter_map(kind)
}

fn def(name: &str) -> &'static TaskDef {
    let tasks = registered(|registration| match registration {
        Registration::Task(def) => Some(def()),
        _ => None,
    });
    let is_named = |def: &&TaskDef| match name.split_once("::") {
        Some((module, name)) => def.name == name && def.module.ends_with(module),
        None => def.name == name,
    };
    let mut named = tasks.filter(is_named);
    let found = named.next().expect("the task is registered");
    // The registry has no order.
    assert!(named.next().is_none(), "several tasks are named {name}");
    found
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
        Err(Ending::Failed(failure)) => *failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

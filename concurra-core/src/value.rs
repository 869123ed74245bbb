//! Results of tasks with their types erased, and descriptions of their types.

mod into_output;
mod output;

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::Arc;

pub use into_output::{IntoFailure, IntoOutput, TaskResult};
pub use output::Output;
use serde::Serialize;
use serde_json::Value as Json;

use crate::failure::{self, Ending};
use crate::type_text;

/// A task's result; cheap to clone.
#[derive(Clone)]
pub struct Value(Option<Arc<dyn Erased>>);

/// A value with the name of its type.
trait Erased: Any + Send + Sync {
    fn type_name(&self) -> &'static str;
}

impl<T: Send + Sync + 'static> Erased for T {
    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }
}

impl Value {
    /// Wraps a value.
    #[must_use]
    pub fn new<T: Send + Sync + 'static>(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The value, when it is a `T`.
    #[must_use]
    pub fn downcast<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let any: Arc<dyn Any + Send + Sync> = Arc::<dyn Erased>::clone(self.inner());
        any.downcast().ok()
    }

    /// A reference to the value, when it is a `T`.
    #[must_use]
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.any().downcast_ref()
    }

    /// The type inside.
    #[must_use]
    pub fn type_id(&self) -> TypeId {
        self.any().type_id()
    }

    /// The name of the type inside.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (**self.inner()).type_name()
    }

    fn any(&self) -> &dyn Any {
        &**self.inner()
    }

    fn inner(&self) -> &Arc<dyn Erased> {
        self.0.as_ref().expect("it is there until the drop")
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        failure::drop_for_user(self.0.take());
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.type_name()).finish()
    }
}

/// The end of a body: its result (`None` stands for `()`), or how it ended without a result.
pub type Completion = Result<Option<Value>, Ending>;

/// Erases the type of a body's result. The unit type takes no memory.
pub fn complete<T: Send + Sync + 'static>(returned: Result<T, Ending>) -> Completion {
    returned.map(|value| (TypeId::of::<T>() != TypeId::of::<()>()).then(|| Value::new(value)))
}

/// The description of a task's result type.
#[derive(Clone, Copy, Debug)]
pub struct ResultType {
    /// The type's name.
    pub name: &'static str,
    /// The type.
    pub id: TypeId,
    /// Reads a mocked result, where the type can be read from text.
    pub parse: Option<ParseValue>,
    /// Writes a result as JSON, where the type can be written so.
    pub encode: Option<EncodeValue>,
    /// Reads a result from JSON, where the type can be read so.
    pub decode: Option<DecodeValue>,
}

impl ResultType {
    /// A type without readers and writers.
    #[must_use]
    pub fn of<T: 'static>() -> Self {
        let (name, id) = (type_name::<T>(), TypeId::of::<T>());
        Self { name, id, parse: None, encode: None, decode: None }
    }
}

/// Reads a result from text; the error says what is wrong with the text.
pub type ParseValue = fn(&str) -> Result<Value, String>;

/// Writes a result as JSON; the error says why this one cannot be.
pub type EncodeValue = fn(&Value) -> Result<Json, String>;

/// Reads a result from JSON; the error says what is wrong with the JSON.
pub type DecodeValue = fn(Json) -> Result<Value, String>;

/// Writes a value by its `Serialize`.
pub(crate) fn by_serde<T: Serialize + 'static>(value: &Value) -> Result<Json, String> {
    serde_json::to_value(of_type::<T>(value)?).map_err(|error| error.to_string())
}

/// The value as a `T`; the error names its type.
pub(crate) fn of_type<T: 'static>(value: &Value) -> Result<&T, String> {
    match value.downcast_ref() {
        Some(value) => Ok(value),
        None => Err(other_type(value)),
    }
}

/// Apart from [`of_type`], which every program contains for each type.
#[cold]
fn other_type(value: &Value) -> String {
    format!("{} came in its place", type_text::one(value.type_name()))
}

//! Results of tasks, with their types erased, and what is known of a result's type.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::failure::{Ending, Failure};

/// A task's result; cheap to clone.
#[derive(Clone)]
pub struct Value(Arc<dyn Erased>);

/// A value that still knows its type's name.
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
        Self(Arc::new(value))
    }

    /// The value, when it is a `T`.
    #[must_use]
    pub fn downcast<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let any: Arc<dyn Any + Send + Sync> = Arc::<dyn Erased>::clone(&self.0);
        any.downcast().ok()
    }

    /// The value, when it is a `T`, where it is.
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
        (*self.0).type_name()
    }

    fn any(&self) -> &dyn Any {
        &*self.0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.type_name()).finish()
    }
}

/// What a body gives back: its result (`None` stands for `()`), or how it ended without one.
pub type Completion = Result<Option<Value>, Ending>;

/// Erases the type of a body's result. The unit type takes no memory.
pub fn complete<T: Send + Sync + 'static>(returned: Result<T, Ending>) -> Completion {
    returned.map(|value| (TypeId::of::<T>() != TypeId::of::<()>()).then(|| Value::new(value)))
}

/// What is known of a task's result type.
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
    /// A type of which no more is known.
    #[must_use]
    pub fn of<T: 'static>() -> Self {
        let (name, id) = (type_name::<T>(), TypeId::of::<T>());
        Self { name, id, parse: None, encode: None, decode: None }
    }
}

/// Reads a result from text; the error says what is wrong with it.
pub type ParseValue = fn(&str) -> Result<Option<Value>, String>;

/// Writes a result as JSON; `None` when this one cannot be, such as a map whose keys are no texts.
pub type EncodeValue = fn(&Value) -> Option<Json>;

/// Reads a result from JSON; the error says what is wrong with it.
pub type DecodeValue = fn(Json) -> Result<Value, String>;

/// What a closure may return when it cannot fail: std's common types, and yours with
/// `impl Output for Receipt {}`.
///
/// ```
/// struct Receipt;
/// impl concurra_core::Output for Receipt {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known as the result of a task",
    label = "write `impl concurra::Output for {Self} {{}}`, or return a `Result`",
    note = "a closure that never returns says what it would return: `|| -> () {{ panic!() }}`"
)]
pub trait Output: Sized + 'static {
    /// Turns what the body returned into its completion.
    #[doc(hidden)]
    fn into_completion(self) -> Completion
    where
        Self: Send + Sync,
    {
        complete(Ok(self))
    }
}

/// An error from a closure: anything `?` could turn into a boxed error.
impl<T, E> Output for Result<T, E>
where
    T: Send + Sync + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    fn into_completion(self) -> Completion {
        complete(self.map_err(|error| Ending::Failed(Failure::from_error(&*error.into()))))
    }
}

macro_rules! outputs {
    ($($ty:ty),* $(,)?) => { $(impl Output for $ty {})* };
}

outputs!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    &'static str,
    String,
    std::path::PathBuf,
    std::ffi::OsString,
    std::time::Duration,
    std::time::Instant,
    std::time::SystemTime,
    std::net::SocketAddr,
    std::net::IpAddr,
    std::process::ExitStatus,
    std::process::Output,
    serde_json::Value,
);

impl<T: Output> Output for Option<T> {}
impl<T: Output> Output for Vec<T> {}
impl<T: Output> Output for Box<T> {}
impl<T: Output> Output for Arc<T> {}
impl<T: Output, const N: usize> Output for [T; N] {}
impl<A: Output, B: Output> Output for (A, B) {}
impl<A: Output, B: Output, C: Output> Output for (A, B, C) {}
impl<A: Output, B: Output, C: Output, D: Output> Output for (A, B, C, D) {}
impl<K: 'static, V: 'static, S: 'static> Output for std::collections::HashMap<K, V, S> {}
impl<K: 'static, V: 'static> Output for std::collections::BTreeMap<K, V> {}
impl<T: 'static, S: 'static> Output for std::collections::HashSet<T, S> {}
impl<T: 'static> Output for std::collections::BTreeSet<T> {}
impl<T: 'static> Output for std::collections::VecDeque<T> {}

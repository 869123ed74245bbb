//! The types that closures may return.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::convert::Infallible;
use std::error::Error;
use std::ffi::{CString, OsString};
use std::fs::{File, FileType, Metadata, Permissions, ReadDir};
use std::io::BufReader;
use std::marker::PhantomData;
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6, TcpListener, TcpStream,
    UdpSocket,
};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{self, Child, ExitCode, ExitStatus};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak, mpsc};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant, SystemTime};

use super::{Completion, ResultType, complete};
use crate::failure::{Ending, Failure, judge_exit_code};

/// A type that a closure may return when it cannot fail: std's common types, and yours with
/// `impl Output for Receipt {}`.
///
/// ```
/// struct Receipt;
/// impl concurra_core::Output for Receipt {}
/// ```
///
/// Return a type of another package in a `Box`.
///
/// An `Err` and an [`ExitCode`] that is not `SUCCESS` fail the task, also inside a `Result`. What
/// other types say by [`Termination`](std::process::Termination) counts when the closure returns
/// its `report()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known as the result of a task",
    label = "for a type of your own write `impl concurra::Output for {Self} {{}}`; any other is \
             returned in a `Box`",
    note = "of a type with `Termination` return the `report()`, an exit code that is judged",
    note = "a closure that never returns says what it would return: `|| -> () {{ panic!() }}`"
)]
pub trait Output: Sized + 'static {
    /// Turns the returned value into the completion of the body.
    #[doc(hidden)]
    fn into_completion(self) -> Completion
    where
        Self: Send + Sync,
    {
        complete(Ok(self))
    }

    /// The type of the task's result.
    #[doc(hidden)]
    #[must_use]
    fn result_type() -> ResultType {
        ResultType::of::<Self>()
    }
}

/// An error from a closure: anything that `?` can turn into a boxed error. A value inside `Ok` counts
/// as if the closure had returned it.
impl<T, E> Output for Result<T, E>
where
    T: Output + Send + Sync,
    E: Into<Box<dyn Error + Send + Sync>> + 'static,
{
    fn into_completion(self) -> Completion {
        match self {
            Ok(value) => value.into_completion(),
            Err(error) => Err(Ending::Failed(Failure::from_error(&*error.into()))),
        }
    }

    fn result_type() -> ResultType {
        T::result_type()
    }
}

/// An exit code says only whether the task passed.
impl Output for ExitCode {
    fn into_completion(self) -> Completion {
        judge_exit_code(self).map(|()| None)
    }

    fn result_type() -> ResultType {
        ResultType::of::<()>()
    }
}

/// Types that are results as they are; a line holds types with the same parameters. Types that
/// threads cannot share are among them, so that the compiler reports only that.
macro_rules! outputs {
    ($($parameters:tt $($ty:ty),+;)*) => { $($(outputs! { @one $parameters $ty })+)* };
    (@one [$($parameters:tt)*] $ty:ty) => { impl<$($parameters)*> Output for $ty {} };
}

outputs! {
    [] (), bool, char, f32, f64, RangeFull, Ordering, Infallible;
    [] u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize;
    [] NonZero<u8>, NonZero<u16>, NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>;
    [] NonZero<i8>, NonZero<i16>, NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>;
    [] String, PathBuf, OsString, CString, Duration, Instant, SystemTime;
    [] IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6;
    [] File, Metadata, Permissions, FileType, ReadDir, TcpListener, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixStream;
    [] Child, ExitStatus, process::Output, ThreadId;
    [] serde_json::Value, serde_json::Map<String, serde_json::Value>, serde_json::Number;
    [T: ?Sized + 'static] &'static T, Box<T>, Arc<T>, Weak<T>, PhantomData<T>;
    [T: ToOwned + ?Sized + 'static] Cow<'static, T>;
    [T: 'static] Option<T>, OnceLock<T>, Reverse<T>, Wrapping<T>, Saturating<T>, JoinHandle<T>;
    [T: 'static] Vec<T>, VecDeque<T>, LinkedList<T>, BinaryHeap<T>, BTreeSet<T>;
    [T: 'static] BufReader<T>, Range<T>, RangeFrom<T>, RangeInclusive<T>, RangeTo<T>, Bound<T>;
    [T: 'static] Mutex<T>, RwLock<T>, mpsc::Sender<T>, mpsc::SyncSender<T>, mpsc::Receiver<T>;
    [T: 'static] Rc<T>, Cell<T>, RefCell<T>;
    [T: 'static, const N: usize] [T; N];
    [T: 'static, S: 'static] HashSet<T, S>;
    [K: 'static, V: 'static] BTreeMap<K, V>;
    [K: 'static, V: 'static, S: 'static] HashMap<K, V, S>;
    [B: 'static, C: 'static] ControlFlow<B, C>;
}

macro_rules! tuples {
    ($($($part:ident)+;)+) => { $(impl<$($part: 'static),+> Output for ($($part,)+) {})+ };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result_name<R: Output>() -> &'static str {
        R::result_type().name
    }

    #[test]
    fn the_result_type_of_a_result_is_its_ok_type() {
        assert_eq!(result_name::<u8>(), "u8");
        assert_eq!(result_name::<Result<u8, String>>(), "u8");
        assert_eq!(result_name::<Result<u8, Box<dyn Error + Send + Sync>>>(), "u8");
    }

    #[test]
    fn a_value_inside_ok_is_judged() {
        let ends = |completion: Completion| match completion {
            Ok(value) => value.map_or("()".to_owned(), |value| value.type_name().to_owned()),
            Err(Ending::Failed(failure)) => failure.to_string(),
            Err(other) => format!("{other:?}"),
        };
        type Nested<T> = Result<Result<T, String>, Box<dyn Error + Send + Sync>>;
        assert_eq!(ends(ExitCode::SUCCESS.into_completion()), "()");
        assert_eq!(ends(ExitCode::FAILURE.into_completion()), "returned exit code 1");
        assert_eq!(
            ends(Ok::<_, String>(ExitCode::from(7)).into_completion()),
            "returned exit code 7"
        );
        assert_eq!(ends(Nested::Ok(Ok(1_u8)).into_completion()), "u8");
        assert_eq!(ends(Nested::<u8>::Ok(Err("inner".to_owned())).into_completion()), "inner");
        assert_eq!(ends(Nested::<u8>::Err("outer".into()).into_completion()), "outer");
        let code = Nested::Ok(Ok(Ok::<_, String>(ExitCode::from(255))));
        assert_eq!(ends(code.into_completion()), "returned exit code 255");
        assert_eq!(result_name::<Nested<u8>>(), "u8");
        assert_eq!(result_name::<Nested<ExitCode>>(), "()");
    }

    #[test]
    fn common_types_are_results() {
        struct Foreign;
        result_name::<(NonZero<u8>, Cow<'static, str>)>();
        result_name::<NonZero<i64>>();
        result_name::<Cow<'static, str>>();
        result_name::<Cow<'static, [u8]>>();
        result_name::<Range<usize>>();
        result_name::<&'static [u8]>();
        result_name::<Arc<dyn Fn() + Send + Sync>>();
        result_name::<Box<str>>();
        result_name::<Box<Foreign>>();
        result_name::<Vec<Foreign>>();
        result_name::<Result<Box<Foreign>, Infallible>>();
        result_name::<Ipv4Addr>();
        result_name::<TcpListener>();
    }
}

//! The types that closures may return.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::convert::Infallible;
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
use std::process::{self, Child, ExitStatus};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak, mpsc};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant, SystemTime};

/// A type that a closure may return when it cannot fail: std's common types, and yours with
/// `impl Output for Receipt {}`.
///
/// ```
/// struct Receipt;
/// impl concurra_core::Output for Receipt {}
/// ```
///
/// Return a type of another package in a `Box`. A closure that can fail returns a `Result`; see
/// [`IntoOutput`](super::IntoOutput).
pub trait Output: Sized + 'static {}

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

    fn is_result<R: Output>() {}

    #[test]
    fn common_types_are_results() {
        struct Foreign;
        is_result::<(NonZero<u8>, Cow<'static, str>)>();
        is_result::<NonZero<i64>>();
        is_result::<Cow<'static, str>>();
        is_result::<Cow<'static, [u8]>>();
        is_result::<Range<usize>>();
        is_result::<&'static [u8]>();
        is_result::<Arc<dyn Fn() + Send + Sync>>();
        is_result::<Box<str>>();
        is_result::<Box<Foreign>>();
        is_result::<Vec<Foreign>>();
        is_result::<Ipv4Addr>();
        is_result::<TcpListener>();
    }
}

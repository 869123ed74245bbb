//! The macro `skip!`.

/// Leaves the body of the running task; its outcome is `skipped`, with this reason.
///
/// ```
/// use concurra::task;
///
/// # fn boards() -> usize { 0 }
/// #[task]
/// fn flash() {
///     let found = boards();
///     if found < 2 {
///         concurra::skip!("needs two boards, found {found}");
///     }
/// }
/// ```
///
/// It unwinds, without a call of the panic hook. In a program that is built with `panic = "abort"` it ends
/// the process with a message: return from the task instead.
#[macro_export]
macro_rules! skip {
    ($($reason:tt)+) => {
        $crate::__private::skip(::std::format!($($reason)+))
    };
    () => {
        ::core::compile_error!("say why: write `concurra::skip!(\"no board\")`")
    };
}

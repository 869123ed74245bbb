//! The macro `link!`.

/// Links the tasks of a library: they run with the tasks of the crate that contains this line. A linked
/// library also brings the libraries that it links itself.
///
/// Without this line the compiler leaves out a dependency that no source uses, and its tasks with it.
///
/// ```ignore
/// concurra::link!(my_tasks);
/// concurra::link!(orders, payments);
/// ```
///
/// A dependency that `Cargo.toml` renames (`conc_tasks = { package = "my-tasks", .. }`) needs both
/// names: its name in the sources, and its own name, with which its tasks' names begin.
///
/// ```ignore
/// concurra::link!(conc_tasks = "my_tasks");
/// ```
#[macro_export]
macro_rules! link {
    ($($krate:ident $(= $own_name:literal)?),+ $(,)?) => {
        $(
            extern crate $krate as _;
            const _: () = {
                $crate::__private::inventory::submit! {
                    $crate::__private::Registration::Link(|| const { &$crate::__private::LinkDef {
                        krate: $crate::link!(@name $krate $($own_name)?),
                        module: ::core::module_path!(),
                        target: $crate::__private::target(
                            ::core::option_env!("CARGO_BIN_NAME"),
                            ::core::option_env!("CARGO_TARGET_TMPDIR"),
                        ),
                        place: $crate::__private::Place {
                            file: ::core::file!(),
                            line: ::core::line!(),
                            column: ::core::column!(),
                        },
                    } })
                }
            };
        )+
    };
    (@name $krate:ident) => { ::core::stringify!($krate) };
    (@name $krate:ident $own_name:literal) => { $own_name };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "name a library, as in `concurra::link!(my_tasks)`, or \
             `concurra::link!(renamed = \"my_tasks\")` for one that Cargo.toml renames"
        );
    };
}

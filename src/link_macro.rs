//! The macro `link!`.

/// Takes in the tasks of a library: they run with those of the crate that this line stands in. A
/// library that is taken in brings those that it takes in itself.
///
/// It also makes sure that the library is linked: the compiler leaves out a dependency that no
/// source names, and its tasks with it.
///
/// ```ignore
/// concurra::link!(my_tasks);
/// concurra::link!(orders, payments);
/// ```
///
/// A dependency that `Cargo.toml` renames (`conc_tasks = { package = "my-tasks", .. }`) is named
/// twice: as the sources call it, and as it calls itself, which is what its tasks' names begin
/// with.
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

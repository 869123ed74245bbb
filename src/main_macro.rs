//! The macro `main!`.

/// The runner: makes its target run the tasks.
///
/// It belongs in the root file of a test, an example or a binary:
///
/// ```
/// concurra::main!();
/// ```
///
/// A test target needs `harness = false` in `Cargo.toml`. Without it, one libtest test named `concurra`
/// runs the tasks. In the unit tests of binaries and examples that test does nothing, as their tasks
/// may deploy something.
///
/// Settings are defaults. The settings of a task win over them, and the command line over both:
///
/// | setting | meaning |
/// |---|---|
/// | `workers = 8` | how many tasks run at a time |
/// | `nextest = "task"` | nextest lists every task, instead of one test for each connected set (`"group"`) |
/// | `timeout = "30s"` | how long each attempt may take, for tasks without their own timeout |
/// | `retries = 2` | how often a failed task is tried again, for tasks without their own setting |
/// | `secret = ["token"]` | parameters whose values appear as `***` in lines, reports and log records |
///
/// ```
/// concurra::main!(workers = 8, nextest = "task", timeout = "30s", secret = ["token"]);
/// ```
#[cfg(feature = "cli")]
#[macro_export]
macro_rules! main {
    (@hidden $module:literal $(, $setting:ident = $value:expr)* $(,)?) => {
        $crate::main! { @items ::core::option::Option::Some($module), $($setting = $value),* }
    };
    (@items $hidden:expr, $($setting:ident = $value:expr),*) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::main($crate::main! {
                @root $hidden, false, $($setting = $value),*
            })
        }

        #[cfg(test)]
        #[test]
        fn concurra() {
            $crate::__private::harness($crate::main! {
                @root
                $hidden,
                true,
                $($setting = $value),*
            });
        }
    };
    (@root $hidden:expr, $harness:literal, $($setting:ident = $value:expr),*) => {
        const {
            const IDENTITY: [&str; 4] = $crate::__private::identity(
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::module_path!(),
                ::core::option_env!("CARGO_MANIFEST_DIR"),
                ::core::file!(),
            );
            const MARKER: [u8; $crate::__private::marker_len($harness, &IDENTITY)] =
                $crate::__private::marker($harness, &IDENTITY);
            $crate::__private::Root {
                module: ::core::module_path!(),
                binary: ::core::option_env!("CARGO_BIN_NAME"),
                target: $crate::__private::target(
                    ::core::option_env!("CARGO_BIN_NAME"),
                    ::core::option_env!("CARGO_TARGET_TMPDIR"),
                ),
                package: ::core::option_env!("CARGO_PKG_NAME"),
                file: ::core::file!(),
                hidden: $hidden,
                // The test in a binary or an example does nothing, so mtrun must not take it for one.
                marker: match ::core::option_env!("CARGO_BIN_NAME") {
                    ::core::option::Option::Some(_) if $harness => &[],
                    _ => &MARKER,
                },
                defaults: $crate::__private::Defaults::new()
                    $(.$setting($crate::main! { @value $setting, $value }))*,
            }
        }
    };
    // Only a reference to an array has the same type for each length.
    (@value secret, $names:expr) => { &$names };
    (@value timeout, $text:expr) => { $crate::__private::timeout!($text) };
    (@value $other:ident, $value:expr) => { $value };
    ($($setting:ident = $value:expr),* $(,)?) => {
        $crate::main! { @items ::core::option::Option::None, $($setting = $value),* }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "write `concurra::main!()`, or settings as in \
             `concurra::main!(workers = 8, nextest = \"task\")`"
        );
    };
}

/// The runner, which this build of Concurra lacks: enable the feature `cli`.
#[cfg(not(feature = "cli"))]
#[macro_export]
macro_rules! main {
    ($($settings:tt)*) => {
        ::core::compile_error!("`concurra::main!` needs the feature `cli` of `concurra`");

        fn main() {}
    };
}

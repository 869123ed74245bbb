//! `mtrun` beside cargo, over a table of workspaces.
//!
//! A row names a workspace, the current folder in it, and a command line. `mtrun` runs, then cargo,
//! then `mtrun` with nothing changed. Each must run the same targets, which must see the same
//! variables, the same current folder and the same executable, and each must fail or not as cargo
//! does. A row's right side names the programs that cargo runs, so that no row compares nothing.

mod configuration;
mod layouts;
mod packages;
mod programs;
mod row;
mod seen;
mod targets;

/// A test for each row: `name: layout, call => "programs that cargo runs";`.
macro_rules! rows {
    ($($(#[$attribute:meta])* $name:ident: $layout:expr, $row:expr => $runs:expr;)*) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            $row.check(concat!(module_path!(), "::", stringify!($name)), $layout, $runs);
        }
    )*};
}
use rows;

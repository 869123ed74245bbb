//! Declarations that `macro_rules!` makes: what it captures comes in invisible groups.

#![deny(warnings)]

use concurra::{State, task};

macro_rules! by_expr {
    ($name:ident, $after:expr, $tags:expr, $reason:expr, $n:expr, $d:expr, $s:expr) => {
        #[task(after = $after, tags = $tags, ignore = $reason, retries = $n, timeout = $d, backoff = $d, serial = $s)]
        fn $name() {}
    };
}
by_expr!(a, ["b", "c"], ["x"], "why", 2, "5s", "db");
macro_rules! by_literal {
    ($name:ident, $after:literal, $n:literal) => {
        #[task(after = [$after, "g"], tags = [$after], retries = $n)]
        fn $name() {}
    };
}
by_literal!(b, "c", 3);
macro_rules! by_elements {
    ($name:ident, [$($after:expr),*]) => {
        #[task(after = [$($after),*])]
        fn $name() {}
    };
}
by_elements!(b2, ["c", "b"]);
macro_rules! by_meta {
    ($(#[$m:meta])* $vis:vis fn $name:ident -> $t:ty $b:block) => {
        $(#[$m])*
        $vis fn $name() -> $t $b
    };
}
by_meta!(#[task(tags = ["m"])] pub(crate) fn c -> () {});
by_meta!(#[task(isolate)] fn c2 -> Result<(), String> { Ok(()) });
macro_rules! by_option {
    ($name:ident, $o:meta) => {
        #[task($o, retries = 1)]
        fn $name() {}
    };
}
by_option!(d, tags = ["o"]);
by_option!(d2, isolate);
macro_rules! by_item {
    ($i:item) => {
        #[task(tags = ["i"])]
        $i
    };
}
by_item!(
    fn e() -> u8 {
        1
    }
);
macro_rules! by_path {
    ($k:path, $p:pat, $pt:ty, $e:expr) => {
        #[task(crate = $k)]
        fn f($p: $pt) -> u8 {
            $e
        }
    };
}
by_path!(::concurra, _state, &State, 3);
macro_rules! by_ident {
    ($name:ident, $o:ident) => {
        #[task($o)]
        fn $name() {}
    };
}
by_ident!(g, isolate);
by_ident!(r#type, secret);
macro_rules! by_tt {
    ($name:ident, $($o:tt)*) => {
        #[task($($o)*)]
        fn $name() {}
    };
}
by_tt!(h, after = ["g"], tags = ["q"]);
macro_rules! panics {
    ($name:ident, $text:expr, $t:ty) => {
        #[task]
        #[should_panic(expected = $text)]
        fn $name() -> $t {
            panic!($text)
        }
    };
}
panics!(i, "boom", ());
macro_rules! ty {
    ($name:ident, $t:ty) => {
        #[task]
        fn $name() -> $t {
            Default::default()
        }
    };
}
ty!(j, ());
ty!(j2, Option<&'static str>);
macro_rules! lt {
    ($l:lifetime) => {
        #[task]
        fn k<$l>(_s: &$l State) {}
    };
}
lt!('a);

fn main() {}

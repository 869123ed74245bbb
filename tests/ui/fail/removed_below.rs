use concurra::task;

#[task]
#[::std::prelude::v1::test]
fn named_in_full() {}

#[task]
#[r#test]
fn raw() {}

macro_rules! tested {
    ($(#[$attribute:meta])* $name:ident) => {
        #[task]
        $(#[$attribute])*
        fn $name() {}
    };
}

tested!(#[test] by_macro);
tested!(#[core::prelude::v1::test] by_macro_in_full);

fn main() {}

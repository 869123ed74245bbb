use concurra::{setup, task, teardown};

#[task(ignore = "no printer")]
#[ignore = "no paper"]
fn reasons_differ() {}

#[ignore = "no printer"]
#[task]
#[cfg_attr(all(), ignore = "no paper")]
fn ignored_twice() {}

#[task]
#[ignore("no paper")]
fn ignored_in_parentheses() {}

#[task]
#[ignore = 7]
fn ignored_for_a_number() {}

#[task]
#[should_panic(expect = "disk full")]
fn misspelt() {}

#[task]
#[should_panic(expected = "disk", "full")]
fn two_texts() {}

#[task]
#[should_panic]
#[should_panic = "disk full"]
fn panics_twice() {}

#[task]
#[should_panic]
fn returns_a_value() -> u32 {
    panic!("disk full")
}

#[task]
#[should_panic(expected = "disk full")]
fn returns_a_result() -> Result<(), String> {
    Err("disk full".to_owned())
}

type Unit = ();

#[task]
#[should_panic]
fn returns_an_alias() -> Unit {
    panic!("disk full")
}

#[task]
#[should_panic]
fn returns_never() -> ! {
    panic!("disk full")
}

#[setup]
#[ignore = "no printer"]
fn ignored_setup() {}

#[should_panic]
#[teardown]
fn panicking_teardown() {}

#[setup]
#[cfg_attr(all(), test)]
fn tested_setup() {}

#[task]
#[bench]
fn measured() {}

#[task]
#[core::prelude::v1::test]
fn tested_by_path() {}

fn main() {
    ignored_twice();
    measured();
}

use concurra::task;

#[test]
#[task]
fn removed() {}

#[std::prelude::v1::test]
/// With a comment.
#[concurra::setup]
fn removed_as_well() {}

mod inner {
    #[test]
    #[inline]
    #[concurra::task]
    fn removed_inside() {}
}

#[task]
fn stays() {}

#[test]
fn only_a_test() {}

fn main() {}

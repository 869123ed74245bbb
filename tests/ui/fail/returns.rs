use concurra::{State, task};

#[task]
fn unnamed() -> impl Iterator<Item = u8> {
    std::iter::empty()
}

#[task]
fn unnamed_inside() -> Result<Box<impl Fn()>, String> {
    Ok(Box::new(|| ()))
}

#[task]
fn never() -> ! {
    panic!()
}

#[task]
fn borrowed(state: &State) -> &State {
    state
}

#[task]
fn borrowed_by_name<'a>(_: &'a State) -> Option<std::borrow::Cow<'a, str>> {
    None
}

fn main() {}

//! Expected panics: `#[should_panic]`.

use super::{ABORTS, CANNOT_UNWIND, Ending, Failure, PANICKED, caught, skip_reason, text_of};

/// Runs a body that has to panic; with `expected`, the panic's message has to contain it.
///
/// # Errors
/// The body returned, panicked with another message, or asked to be skipped.
pub fn expect_panic(expected: Option<&str>, body: impl FnOnce()) -> Result<(), Ending> {
    if CANNOT_UNWIND {
        let why = format!("`#[should_panic]` needs a panic that unwinds, but {ABORTS}");
        return Err(Ending::Final(Failure::message(why).into()));
    }
    let Err(payload) = caught(body) else {
        return Err(Ending::Failed(Failure::message(not_panicked(expected)).into()));
    };
    let payload = skip_reason(payload).map_or_else(Ok, |reason| Err(Ending::Skipped(reason)))?;
    let text = text_of(payload.as_ref());
    // Also drops the payload and the record of the panic hook.
    let failure = Failure::from_panic(payload);
    let Some(expected) = expected else { return Ok(()) };
    if text.is_some_and(|text| text.contains(expected)) {
        return Ok(());
    }
    let text = failure.message.strip_prefix(PANICKED).unwrap_or(&failure.message);
    let message = format!("panicked without the expected text {expected:?}: {text}");
    Err(Ending::Failed(Failure { message, ..failure }.into()))
}

fn not_panicked(expected: Option<&str>) -> String {
    let with = expected.map(|text| format!(" with {text:?}")).unwrap_or_default();
    format!("did not panic{with}, as `#[should_panic]` expects")
}

//! Mocks, as values of the types that the tasks return.

use std::borrow::Cow;

use crate::codec;
use crate::process::CommandOutput;
use crate::secret::Secrets;
use crate::task::{Slot, Task};
use crate::type_text;
use crate::value::Value;

/// The most characters that a message shows of a mock.
const SHOWN: usize = 60;

/// The most characters that a message shows of a reader's reason, which may repeat the mock.
const SHOWN_OF_REASON: usize = 200;

/// The result of a task from the text of its mock. The error message has no secrets.
pub(super) fn mock_value(
    task: &Task,
    slot: &mut Slot,
    text: Option<&str>,
    secrets: &Secrets,
) -> Result<Option<Value>, String> {
    if let Some(spec) = slot.record.body.spec() {
        return Ok(Some(Value::new(CommandOutput::mocked(spec, text.unwrap_or_default()))));
    }
    let declared = task.def.map(|def| (def.result)());
    let Some(result) = declared.or_else(|| slot.result_type()) else {
        return Ok(None);
    };
    let kind = type_text::one(result.name);
    let Some(read) = codec::from_text(&result, text.unwrap_or_default()) else {
        let advice = match declared {
            Some(_) => "derive serde::Deserialize or implement FromStr for it",
            None => {
                "add a closure that returns it instead, or return it from an annotated task as \
                 well, if serde::Deserialize or FromStr is implemented for it"
            }
        };
        return Err(format!("{kind} cannot be read from text; {advice}"));
    };
    read.map_err(|why| match text {
        // The reader's message may contain the text.
        Some(_) if task.options().secret => format!("it is not {kind}"),
        // Masked before it is shortened, or half of a secret could stay.
        Some(text) => match secrets.mask(text) {
            Cow::Borrowed(text) => {
                let why = secrets.mask(&why);
                let why = beginning(&why, SHOWN_OF_REASON);
                format!("`{}` is not {kind}: {why}", beginning(text, SHOWN))
            }
            Cow::Owned(masked) => format!("`{}` is not {kind}", beginning(&masked, SHOWN)),
        },
        None => format!("a value is missing: the task's result is {kind}"),
    })
}

fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

//! Arguments taken apart as bytes: a part of one may be a path, which need not be Unicode.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use super::OptionError;

/// What stands before and behind the first such byte.
pub(super) fn split(text: &OsStr, at: u8) -> Option<(&OsStr, &OsStr)> {
    let bytes = text.as_bytes();
    let place = bytes.iter().position(|byte| *byte == at)?;
    Some((OsStr::from_bytes(&bytes[..place]), OsStr::from_bytes(&bytes[place + 1..])))
}

/// What stands behind a beginning.
pub(super) fn behind<'t>(text: &'t OsStr, begin: &str) -> Option<&'t OsStr> {
    text.as_bytes().strip_prefix(begin.as_bytes()).map(OsStr::from_bytes)
}

/// Whether it looks like an option; a dash alone is a word.
pub(super) fn is_option(text: &OsStr) -> bool {
    text.len() > 1 && text.as_bytes().starts_with(b"-")
}

/// The argument as a text.
pub(super) fn unicode(text: &OsStr) -> Result<&str, OptionError> {
    text.to_str().ok_or_else(|| OptionError::NotUnicode { text: text.display().to_string() })
}

/// The arguments as texts.
pub(super) fn all_unicode(texts: Vec<OsString>) -> Result<Vec<String>, OptionError> {
    texts.iter().map(|text| unicode(text).map(str::to_owned)).collect()
}

/// The value of an option as a text. An error does not show it, as it may be secret.
pub(super) fn unicode_value<'t>(option: &str, text: &'t OsStr) -> Result<&'t str, OptionError> {
    text.to_str().ok_or_else(|| OptionError::ValueNotUnicode { option: option.to_owned() })
}

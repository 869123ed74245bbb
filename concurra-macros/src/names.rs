//! Names as tasks have them.

use syn::Path;

/// The text of a path: `db::migrate`.
pub(crate) fn path_text(path: &Path) -> String {
    let segments = path.segments.iter().map(|segment| plain(&segment.ident.to_string()));
    segments.collect::<Vec<_>>().join("::")
}

/// The name without the `r#` of raw identifiers, as no task's name has it.
pub(crate) fn plain(name: &str) -> String {
    let segments = name.split("::").map(|it| it.strip_prefix("r#").unwrap_or(it));
    segments.collect::<Vec<_>>().join("::")
}

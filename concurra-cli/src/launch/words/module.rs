//! Which module of a target a file is, and which task of it is meant.

use std::path::Path;

/// `it::db` for `tests/x/it/db.rs` of the root `tests/x/main.rs`; none for the root itself.
pub(crate) fn module_of(file: &Path, root: &Path) -> Option<String> {
    let inside = file.strip_prefix(root.parent()?).ok().filter(|_| file != root)?;
    let mut parts = inside.with_extension("");
    if parts.ends_with("mod") {
        parts.pop();
    }
    let parts = parts.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| parts.join("::"))
}

/// The full name of the module's task, if exactly one is meant.
pub(crate) fn choose_task<'n>(
    names: impl Iterator<Item = &'n str>,
    module: &str,
    task: &str,
) -> Option<String> {
    let inside = names.filter_map(|name| {
        let rest = name.strip_prefix(module)?.strip_prefix("::")?;
        (rest == task || rest.ends_with(&format!("::{task}"))).then_some((rest, name))
    });
    let inside = inside.collect::<Vec<_>>();
    let whole = inside.iter().find(|(rest, _)| *rest == task);
    let meant = whole.or(if let [only] = inside.as_slice() { Some(only) } else { None });
    meant.map(|(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_a_file() {
        let of = |file: &str, root: &str| module_of(Path::new(file), Path::new(root));
        assert_eq!(of("/w/tests/it/db.rs", "/w/tests/it/main.rs").as_deref(), Some("db"));
        assert_eq!(of("/w/tests/it/db/mod.rs", "/w/tests/it/main.rs").as_deref(), Some("db"));
        assert_eq!(of("/w/src/a/b.rs", "/w/src/main.rs").as_deref(), Some("a::b"));
        assert_eq!(of("/w/tests/a.rs", "/w/tests/a.rs"), None);
        assert_eq!(of("/elsewhere/a.rs", "/w/tests/a.rs"), None);
    }

    #[test]
    fn a_task_in_the_module_comes_before_others() {
        let names =
            ["seed", "db::seed", "db::deep::load", "db::one::x", "db::two::x", "other::load"];
        let choose = |task| choose_task(names.into_iter(), "db", task);
        assert_eq!(choose("seed").as_deref(), Some("db::seed"));
        assert_eq!(choose("load").as_deref(), Some("db::deep::load"));
        assert_eq!(choose("x"), None);
        assert_eq!(choose("absent"), None);
    }
}

//! Where a declared item stands, and its name as others see it.

/// The crate whose tasks a runner is about: their names are without the crate's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The crate's name, as `module_path!()` gives it at its root.
    pub krate: &'static str,
    /// Which target of its package; see [`TaskDef::target`](crate::TaskDef::target).
    pub target: Option<&'static str>,
    /// A module that names leave out, for a file that was wrapped into a package.
    pub hidden: Option<&'static str>,
}

impl Home {
    /// The crate that a module belongs to.
    #[must_use]
    pub fn of_module(module: &'static str, target: Option<&'static str>) -> Self {
        let krate = module.split("::").next().unwrap_or(module);
        Self { krate, target, hidden: None }
    }
}

/// The position of a declared item: its crate and the path within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) krate: &'static str,
    pub(crate) target: Option<&'static str>,
    /// Modules within the crate, hidden ones left out.
    pub(crate) modules: Vec<&'static str>,
}

impl Position {
    pub(crate) fn new(
        module: &'static str,
        target: Option<&'static str>,
        home: Option<&Home>,
    ) -> Self {
        // A search for one character is much faster than a search for two.
        let mut segments = module.split(':').filter(|segment| !segment.is_empty()).map(plain);
        let krate = segments.next().unwrap_or_default();
        let mut position = Self { krate, target, modules: segments.collect() };
        let hidden = home.filter(|home| position.is_in(home)).and_then(|home| home.hidden);
        if hidden.is_some() && position.modules.first().copied() == hidden {
            position.modules.remove(0);
        }
        position
    }

    pub(crate) fn is_in(&self, home: &Home) -> bool {
        self.krate == plain(home.krate) && self.target == home.target
    }

    /// The name of an item here, as the home crate sees it.
    pub(crate) fn name(&self, item: &str, home: Option<&Home>) -> String {
        match (home.is_some_and(|home| self.is_in(home)), self.modules.as_slice()) {
            (true, []) => plain(item).to_owned(),
            (true, [first, inner @ ..]) => join(first, inner, plain(item)),
            (false, modules) => join(self.krate, modules, plain(item)),
        }
    }
}

/// An identifier without the mark of a raw one.
pub(crate) fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The path of an item with the crate's name in front.
pub(super) fn join(krate: &str, modules: &[&str], item: &str) -> String {
    let mut path = String::with_capacity(krate.len() + "::".len() + item.len());
    path.push_str(krate);
    for segment in modules.iter().copied().chain([item]) {
        path.extend(["::", segment]);
    }
    path
}

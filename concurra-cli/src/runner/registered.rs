//! From options to a runner of the core.

use std::time::Duration;

use concurra_core::{Home, Runner, Selection, Settings, registered_in};

use crate::Root;
use crate::options::Options;

/// The period after which a running task is shown as slow.
const SLOW: Duration = Duration::from_secs(60);

/// The runner that the options ask for: the command line goes before `main!`.
pub(super) fn runner(root: &Root, options: &Options, selection: Selection) -> Runner {
    let home = Home { krate: root.module, target: root.target, hidden: root.hidden };
    let ours = Settings { name: Some(root.module.to_owned()), slow: Some(SLOW), ..Settings::new() };
    let settings = options.settings.clone().or(root.defaults.settings.clone()).or(ours);
    let runner = registered_in(home)
        .select(selection)
        .settings(settings)
        .secret_params(root.defaults.secret.iter().copied());
    let mocks = options.mocks.iter();
    mocks.fold(runner, |runner, (name, text)| runner.mock(name, text.as_deref()))
}

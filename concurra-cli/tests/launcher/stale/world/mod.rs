//! A package with everything that a build may depend on.

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::support::{Call, CountingCargo, Place, Ran, root};

/// The folder of the package: with blanks, an encoded blank, and letters beyond ASCII.
const SHOP: &str = "bücher und %20 mehr/läden";

/// The inputs that the build scripts ask cargo to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watching {
    /// Files by name.
    Files,
    /// Folders, and everything of a package, of which a stamp may know too little.
    Folders,
}

/// The form of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Tables,
    Dotted,
    Quoted,
}

/// The output of the task: each value with the Rust that reads it.
const SEEN: &[(&str, &str)] = &[
    ("lib", "shop::LIB"),
    ("inner", "shop::inner::INNER"),
    ("helper", "helper::HELPER"),
    ("text", "shop::TEXT"),
    ("outside", "OUTSIDE"),
    ("linked", "linked::LINKED"),
    ("input", "shop::INPUT"),
    ("script", "shop::SCRIPT"),
    ("part", "part::PART"),
    ("part_inner", "part::inner::INNER"),
    ("part_input", "part::INPUT"),
    ("deep", "part::DEEP"),
    ("tool", "tool()"),
    ("folder", "shop::FOLDER"),
    ("notes", "NOTES"),
    ("plain", "option_env!(\"STALE_PLAIN\").unwrap_or(\"-\")"),
    ("build", "shop::BUILD"),
    ("feature", "cfg!(feature = \"extra\")"),
    ("assertions", "cfg!(debug_assertions)"),
    ("config", "option_env!(\"STALE_CONFIG\").unwrap_or(\"-\")"),
    ("included", "option_env!(\"STALE_INCLUDED\").unwrap_or(\"-\")"),
    ("test", "env!(\"CARGO_CRATE_NAME\")"),
    ("version", "env!(\"CARGO_PKG_VERSION\")"),
    ("version_run", "std::env::var(\"CARGO_PKG_VERSION\").unwrap()"),
    ("flags", "cfg!(flagged)"),
];

pub(super) struct World {
    place: Place,
    cargo: CountingCargo,
    watching: Watching,
    values: BTreeMap<&'static str, u32>,
    pub(super) inner_in_folder: bool,
    pub(super) plain: Option<u32>,
    pub(super) build: Option<u32>,
    pub(super) feature_asked: bool,
    pub(super) feature_default: bool,
    pub(super) profile_here: bool,
    pub(super) profile_configured: bool,
    pub(super) style: Style,
    pub(super) near: Option<u32>,
    pub(super) above: Option<u32>,
    pub(super) included: Option<u32>,
    /// Further tests, without `.rs`.
    pub(super) more: BTreeSet<String>,
    pub(super) test: String,
    pub(super) version: u32,
    pub(super) flags_set: bool,
    pub(super) flags_configured: bool,
}

impl World {
    pub(super) fn new(name: &str, watching: Watching) -> Self {
        let place = Place::new(name);
        place.build_with_flags(FLAGS);
        let cargo = CountingCargo::new(&place);
        let world = Self {
            place,
            cargo,
            watching,
            values: SEEN.iter().map(|(key, _)| (*key, 100)).chain([("root", 100)]).collect(),
            inner_in_folder: false,
            plain: None,
            build: None,
            feature_asked: false,
            feature_default: false,
            profile_here: false,
            profile_configured: false,
            style: Style::Tables,
            near: None,
            above: None,
            included: None,
            more: BTreeSet::new(),
            test: "flow".to_owned(),
            version: 0,
            flags_set: false,
            flags_configured: false,
        };
        world.write();
        fs::copy(root().join("Cargo.lock"), world.path("Cargo.lock")).expect("a lock file");
        world.check().expect("the first run is right");
        world
    }

    /// Another value, of the same length.
    pub(super) fn set(&mut self, key: &'static str, number: u32) {
        self.values.insert(key, 200 + number);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path(SHOP).join(name)
    }

    pub(super) fn remove_programs(&self) {
        for entry in
            fs::read_dir(self.place.target().join("debug/deps")).expect("a folder").flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(&self.test) && !name.contains('.') {
                fs::remove_file(entry.path()).expect("removed");
            }
        }
    }

    pub(super) fn touch(&self) {
        for name in ["src/lib.rs", "data/text file.txt", "Cargo.toml", "inputs/ü.txt"] {
            let file = fs::File::options().append(true).open(self.path(name)).expect("a file");
            file.set_modified(SystemTime::now()).expect("a time");
        }
    }

    fn call(&self, call: Call) -> Call {
        let mut call = call.from(SHOP);
        let set = |value: Option<u32>| value.map(|value| value.to_string());
        let flags = self.flags_set.then(|| FLAGS.to_owned());
        for (name, value) in [
            ("STALE_PLAIN", set(self.plain)),
            ("STALE_BUILD", set(self.build)),
            ("RUSTFLAGS", flags),
        ] {
            if let Some(value) = value {
                call = call.env(name, value);
            }
        }
        call
    }

    fn mtrun(&self) -> Ran {
        let words: &[&str] = if self.feature_asked { &["--features", "extra"] } else { &[] };
        self.cargo.serve(self.call(self.place.mtrun(words))).run()
    }

    /// Checks that `mtrun` runs the code in the files twice, and starts no cargo the second time.
    pub(super) fn check(&self) -> Result<(), String> {
        let first = self.mtrun();
        let expected = self.expected();
        let compare = |ran: &Ran, which: &str| {
            let seen = seen(ran);
            if ran.code == Some(0) && seen == expected {
                return Ok(());
            }
            let lines = differences(&expected, &seen);
            let errors = if ran.code == Some(0) { "" } else { &ran.err };
            Err(format!("the {which} run ended with {:?} and saw\n{lines}{errors}", ran.code))
        };
        compare(&first, "first")?;
        self.cargo.calls();
        compare(&self.mtrun(), "second")?;
        let calls = self.cargo.calls();
        // An input that `mtrun` cannot know prevents a stamp.
        let certain = self.watching == Watching::Files && self.included.is_none();
        if certain && !calls.is_empty() {
            return Err(format!("cargo was started with nothing changed: {calls:?}"));
        }
        Ok(())
    }

    /// The output of all targets, in order.
    fn expected(&self) -> BTreeSet<String> {
        let value = |key: &str| match key {
            "plain" => shown(self.plain),
            "build" => shown(self.build),
            "feature" => (self.feature_asked || self.feature_default).to_string(),
            "assertions" => (!self.profile_here && !self.profile_configured).to_string(),
            "config" | "config_run" => shown(self.near.or(self.above)),
            // Not every cargo reads included files, so this asks cargo.
            "included" => self.included.map_or_else(|| "-".to_owned(), |_| self.asked("included")),
            "test" => self.test.clone(),
            "version" | "version_run" => format!("0.1.{}", self.version),
            "flags" => (self.flags_set || self.flags_configured).to_string(),
            "folder" | "notes" if self.watching == Watching::Files => "-".to_owned(),
            other => self.values[other].to_string(),
        };
        let pairs = SEEN.iter().map(|(key, _)| format!(" {key}={}", value(key)));
        let line = format!("seen root={}{}", self.values["root"], pairs.collect::<String>());
        let more = self.more.iter().map(|name| format!("seen {name}"));
        more.chain([line]).collect()
    }

    /// The variables that a program under cargo sees.
    fn asked(&self, key: &str) -> String {
        let mut words = vec!["test", "--test", &self.test];
        words.extend(if self.feature_asked { &["--features", "extra"][..] } else { &[] });
        let ran = self.call(self.place.cargo(&words)).run();
        let line = seen(&ran).into_iter().next().unwrap_or_default();
        let start = format!("{key}=");
        let value = line.split(' ').find_map(|pair| pair.strip_prefix(start.as_str()));
        value.unwrap_or_else(|| panic!("{}\n{}", ran.out, ran.err)).to_owned()
    }
}

/// Flags that a program can see and that change nothing else.
const FLAGS: &str = "--cfg flagged";

fn shown(value: Option<u32>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn seen(ran: &Ran) -> BTreeSet<String> {
    ran.out.lines().filter(|line| line.starts_with("seen ")).map(str::to_owned).collect()
}

/// The pairs that are on one side only.
fn differences(expected: &BTreeSet<String>, seen: &BTreeSet<String>) -> String {
    let pairs = |lines: &BTreeSet<String>| {
        let pairs = lines.iter().flat_map(|line| line.split(' ').map(str::to_owned));
        pairs.collect::<BTreeSet<_>>()
    };
    let (expected, seen) = (pairs(expected), pairs(seen));
    let wanted = expected.difference(&seen).map(|pair| format!("  expected {pair}\n"));
    let got = seen.difference(&expected).map(|pair| format!("  seen {pair}\n"));
    wanted.chain(got).collect()
}

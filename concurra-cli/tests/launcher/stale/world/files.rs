//! The files of the package, written from the values of the world.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use super::{SEEN, SHOP, Style, Watching, World};
use crate::support::{manifest, task};

const PART: &str = "bücher und %20 mehr/teil eins";
const DEEP: &str = "bücher und %20 mehr/tief";
const NOSY: &str = "bücher und %20 mehr/neugierig";

impl World {
    /// Writes every file that has another text than it should.
    pub(in crate::stale) fn write(&self) {
        let mut files = self.sources();
        files.extend(self.others());
        for (name, text) in &files {
            let path = self.place.path(name);
            if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                self.place.write(name, text);
            }
        }
        let unwanted =
            ["src/inner.rs", "src/inner/mod.rs", ".cargo/config.toml", ".cargo/more.toml"];
        let unwanted = unwanted.iter().map(|name| format!("{SHOP}/{name}"));
        for name in unwanted.chain(["bücher und %20 mehr/.cargo/config.toml".to_owned()]) {
            if !files.contains_key(&name) {
                // Most are not there.
                let _ = fs::remove_file(self.place.path(&name));
            }
        }
        self.remove_tests();
        let link = self.path("tests/linked/mod.rs");
        if !link.exists() {
            fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
            std::os::unix::fs::symlink("../../../hinter dem link.rs", link).expect("a link");
        }
    }

    fn remove_tests(&self) {
        for entry in fs::read_dir(self.path("tests")).expect("a folder").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = ["flow.rs", "helper", "linked"].contains(&name.as_str());
            let wanted = self.more.iter().any(|more| {
                *more == name.trim_end_matches(".rs")
                    || more.split_once('/').is_some_and(|(folder, _)| folder == name)
            });
            match (ours || wanted, entry.path()) {
                (true, _) => {}
                (false, path) if path.is_dir() => fs::remove_dir_all(path).expect("removed"),
                (false, path) => fs::remove_file(path).expect("removed"),
            }
        }
    }

    fn sources(&self) -> BTreeMap<String, String> {
        let value = |key: &str| self.values[key];
        let constant = |name: &str, key: &str| format!("pub const {name}: u32 = {};\n", value(key));
        let inner = if self.inner_in_folder { "inner/mod" } else { "inner" };
        let mut files = BTreeMap::new();
        let mut shop =
            |name: &str, text: String| drop(files.insert(format!("{SHOP}/{name}"), text));
        let lib = "pub mod inner;\npub const TEXT: &str = include_str!(\"../data/text file.txt\");\n\
                   pub const INPUT: &str = env!(\"INPUT\");\npub const SCRIPT: &str = env!(\"SCRIPT\");\n\
                   pub const BUILD: &str = env!(\"BUILD\");\npub const FOLDER: &str = env!(\"FOLDER\");\n";
        shop("src/lib.rs", constant("LIB", "lib") + lib);
        shop(&format!("src/{inner}.rs"), constant("INNER", "inner"));
        shop("src/bin/tool.rs", format!("fn main() {{ println!(\"{}\"); }}", value("tool")));
        shop("data/text file.txt", value("text").to_string());
        shop("inputs/ü.txt", value("input").to_string());
        shop("watched/below/file.txt", value("folder").to_string());
        shop("build.rs", self.build_script());
        shop("tests/helper/mod.rs", constant("HELPER", "helper"));
        shop("tests/flow.rs", self.flow());
        for name in &self.more {
            shop(&format!("tests/{name}.rs"), task("more", &format!("seen {name}")));
        }
        shop("../draußen.rs", constant("OUTSIDE", "outside"));
        shop("../hinter dem link.rs", constant("LINKED", "linked"));
        let part =
            "pub mod inner;\npub use deep::DEEP;\npub const INPUT: &str = env!(\"INPUT\");\n";
        let mut add = |name: String, text: String| drop(files.insert(name, text));
        add(format!("{PART}/src/lib.rs"), constant("PART", "part") + part);
        add(format!("{PART}/src/inner.rs"), constant("INNER", "part_inner"));
        add(format!("{PART}/eingabe datei.txt"), value("part_input").to_string());
        add(format!("{DEEP}/src/lib.rs"), constant("DEEP", "deep"));
        add(format!("{NOSY}/src/lib.rs"), "pub const NOTES: &str = env!(\"NOTES\");".to_owned());
        add(format!("{NOSY}/notes.txt"), value("notes").to_string());
        files
    }

    /// The build script of the package.
    fn build_script(&self) -> String {
        let folder = match self.watching {
            Watching::Files => "println!(\"cargo::rustc-env=FOLDER=-\");",
            Watching::Folders => {
                "println!(\"cargo::rerun-if-changed=watched\");
                 let text = std::fs::read_to_string(\"watched/below/file.txt\").unwrap();
                 println!(\"cargo::rustc-env=FOLDER={text}\");"
            }
        };
        format!(
            "fn main() {{
                println!(\"cargo::rerun-if-changed=build.rs\");
                println!(\"cargo::rerun-if-changed=inputs/ü.txt\");
                println!(\"cargo:rerun-if-env-changed=STALE_BUILD\");
                let input = std::fs::read_to_string(\"inputs/ü.txt\").unwrap();
                let build = std::env::var(\"STALE_BUILD\").unwrap_or(\"-\".to_owned());
                println!(\"cargo::rustc-env=INPUT={{input}}\");
                println!(\"cargo::rustc-env=BUILD={{build}}\");
                println!(\"cargo::rustc-env=SCRIPT={}\");
                {folder}
            }}",
            self.values["script"]
        )
    }

    /// The test whose task prints the inputs of its build.
    fn flow(&self) -> String {
        let notes = match self.watching {
            Watching::Files => "const NOTES: &str = \"-\";",
            Watching::Folders => "use nosy::NOTES;",
        };
        let names = SEEN.iter().map(|(key, _)| format!(" {key}={{}}")).collect::<String>();
        let values = SEEN.iter().map(|(_, value)| format!("{value}, ")).collect::<String>();
        format!(
            "#![allow(unexpected_cfgs)]\nmod helper;\nmod linked;\n{notes}\ninclude!(\"../../draußen.rs\");\n\
             fn tool() -> String {{
                let output = std::process::Command::new(env!(\"CARGO_BIN_EXE_tool\")).output().unwrap();
                String::from_utf8(output.stdout).unwrap().trim().to_owned()
             }}
             #[concurra::task]
             fn seen() {{ println!(\"seen root={{}}{names}\", {}, {values}); }}
             concurra::main!();\n",
            self.values["root"]
        )
    }

    /// Manifests and configurations.
    fn others(&self) -> BTreeMap<String, String> {
        let mut more = "part = { path = \"../teil eins\" }\n".to_owned();
        if self.watching == Watching::Folders {
            more += "nosy = { path = \"../neugierig\" }\n";
        }
        let _ = write!(
            more,
            "[[test]]\nname = {:?}\npath = \"tests/flow.rs\"\nharness = false\n[features]\nextra = []\n{}",
            self.test,
            if self.feature_default { "default = [\"extra\"]\n" } else { "" }
        );
        if self.profile_here {
            more += "[profile.dev.package.shop]\ndebug-assertions = false\n";
        }
        let own = manifest("shop", &(more + "[workspace]\n"));
        let own =
            own.replace("version = \"0.1.0\"", &format!("version = \"0.1.{}\"", self.version));
        let package = |name: &str, more: &str| {
            format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}")
        };
        let script = |file: &str, variable: &str, watch: &str| {
            format!(
                "fn main() {{
                    {watch}
                    let text = std::fs::read_to_string({file:?}).unwrap();
                    println!(\"cargo::rustc-env={variable}={{text}}\");
                }}"
            )
        };
        let watch = "println!(\"cargo::rerun-if-changed=eingabe datei.txt\");";
        let mut files = BTreeMap::from([
            (format!("{SHOP}/Cargo.toml"), own),
            (
                format!("{PART}/Cargo.toml"),
                package("part", "[dependencies]\ndeep = { path = \"../tief\" }\n"),
            ),
            (format!("{PART}/build.rs"), script("eingabe datei.txt", "INPUT", watch)),
            (format!("{DEEP}/Cargo.toml"), package("deep", "")),
            (format!("{NOSY}/Cargo.toml"), package("nosy", "")),
            (format!("{NOSY}/build.rs"), script("notes.txt", "NOTES", "")),
        ]);
        let config = self.configuration();
        if !config.is_empty() {
            files.insert(format!("{SHOP}/.cargo/config.toml"), config);
        }
        if let Some(value) = self.included {
            let text = format!("[env]\nSTALE_INCLUDED = \"{value}\"\n");
            files.insert(format!("{SHOP}/.cargo/more.toml"), text);
        }
        if let Some(value) = self.above {
            let text = format!("[env]\nSTALE_CONFIG = \"{value}\"\n");
            files.insert("bücher und %20 mehr/.cargo/config.toml".to_owned(), text);
        }
        files
    }

    fn configuration(&self) -> String {
        let mut text = String::new();
        if self.included.is_some() {
            text += match self.style {
                Style::Tables => "  include = [\"more.toml\"]\n",
                Style::Dotted => "'include' = [\"more.toml\"]\n",
                Style::Quoted => "\"incl\\u0075de\" = [{ path = \"more.toml\" }]\n",
            };
        }
        if self.flags_configured {
            text += "build.rustflags = [\"--cfg\", \"flagged\"]\n";
        }
        if self.profile_configured {
            text += "profile.dev.package.shop.debug-assertions = false\n";
        }
        if let Some(value) = self.near {
            let _ = match self.style {
                Style::Tables => writeln!(text, "[env]\nSTALE_CONFIG = \"{value}\""),
                Style::Dotted => writeln!(text, "env.STALE_CONFIG.value = \"{value}\""),
                Style::Quoted => writeln!(text, "\"env\" . 'STALE_CONFIG' = \"{value}\""),
            };
        }
        text
    }
}

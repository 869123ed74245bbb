//! While a helper of `mtrun` hangs, a signal ends `mtrun` and the helper.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use libc::{SIGINT, SIGTERM};

use crate::support::{Call, Place, is_alive, path_with, script, send, toolchain, until};

/// The promise is a second; helpers here hang for an hour.
const LIMIT: Duration = Duration::from_secs(5);

const SIGNALS: [(i32, i32); 2] = [(SIGTERM, 143), (SIGINT, 130)];

/// Programs that hang at one of their calls. They write their number into a file first.
struct Hanging {
    place: Place,
    folder: PathBuf,
}

impl Hanging {
    fn new(name: &str) -> Self {
        let place = Place::new(name);
        let folder = place.cache().with_file_name("hanging");
        place.root_package("shop", "");
        place.write("tests/flow/main.rs", "mod part;\nconcurra::main!();\n");
        place.write("tests/flow/part.rs", "#[concurra::task] fn one() {}\n");
        place.write("tests/other.rs", "#[concurra::task] fn other() {}\nconcurra::main!();\n");
        place.write("scratch/job.rs", "#!/usr/bin/env mtrun\n#[concurra::task] fn job() {}\n");
        Self { place, folder }
    }

    /// A program of the toolchain that hangs at its `at`th call for which the test holds.
    fn stand_in(&self, program: &str, test: &str, at: usize, before: &str) -> PathBuf {
        let path = self.folder.join(program);
        let real = toolchain().join(program);
        // A call before has left its files.
        let _ = fs::remove_dir_all(&self.folder);
        let lines = format!(
            "cd_=$PWD; cd '{folder}'\n\
             if {test}; then\n\
             echo x >> calls\n\
             if [ \"$(wc -l < calls)\" -eq {at} ]; then\n\
             {before}\n\
             echo $$ > pid.new; mv pid.new pid; exec sleep 3600\n\
             fi; fi\n\
             cd \"$cd_\"; exec '{real}' \"$@\"",
            folder = self.folder.display(),
            real = real.display(),
        );
        script(&path, &lines);
        path
    }

    fn pid(&self) -> Option<i32> {
        fs::read_to_string(self.folder.join("pid")).ok().and_then(|text| text.trim().parse().ok())
    }

    /// Starts the call. Returns whether a helper hangs; otherwise `mtrun` ended without one.
    #[track_caller]
    fn starts(&self, mut call: Call) -> (Child, bool) {
        let silent = call.command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut mtrun = silent.spawn().expect("it starts");
        let hangs = until(|| {
            let ended = mtrun.try_wait().expect("a child").is_some();
            if self.pid().is_some() { Some(true) } else { ended.then_some(false) }
        });
        (mtrun, hangs)
    }

    /// Signals end `mtrun` while the call hangs. Tells whether it did hang.
    #[track_caller]
    fn ends(&self, call: Call, signals: &[i32], code: i32) -> bool {
        self.ends_with_one_of(call, signals, &[code])
    }

    /// As [`ends`](Self::ends), with one of several codes.
    #[track_caller]
    fn ends_with_one_of(&self, call: Call, signals: &[i32], codes: &[i32]) -> bool {
        let (mut mtrun, hangs) = self.starts(call);
        if !hangs {
            return false;
        }
        let helper = self.pid().expect("a helper");
        let process = i32::try_from(mtrun.id()).expect("a process");
        signals.iter().for_each(|signal| send(process, *signal));
        let start = Instant::now();
        let in_time = |mut there: Box<dyn FnMut() -> bool + '_>| {
            while !there() && start.elapsed() < LIMIT {
                std::thread::park_timeout(Duration::from_millis(5));
            }
        };
        in_time(Box::new(|| mtrun.try_wait().expect("a child").is_some()));
        in_time(Box::new(|| !is_alive(helper)));
        let left = is_alive(helper);
        if left {
            send(helper, libc::SIGKILL);
        }
        let ended = mtrun.try_wait().expect("a child");
        if ended.is_none() {
            mtrun.kill().expect("it is there");
            mtrun.wait().expect("an end");
        }
        let code = ended.and_then(|status| status.code());
        assert!(code.is_some_and(|code| codes.contains(&code)), "mtrun ended in time by {code:?}");
        assert!(!left, "the helper was left behind");
        true
    }

    /// Makes each call of the program hang in turn, until `mtrun` makes no more.
    #[track_caller]
    fn each_call(&self, words: &[&str], program: &str, test: &str, before: &str) -> usize {
        for at in 1.. {
            for (signal, code) in SIGNALS {
                let path = self.stand_in(program, test, at, before);
                // Without a stamp `mtrun` makes all calls.
                let _ = fs::remove_dir_all(self.place.cache());
                let variable = program.to_uppercase();
                if !self.ends(self.place.mtrun(words).env(&variable, path), &[signal], code) {
                    return at - 1;
                }
            }
        }
        unreachable!("the calls have an end")
    }
}

#[test]
fn each_call_of_cargo() {
    let hanging = Hanging::new("signals-cargo");
    for words in [&[][..], &["flow"], &["scratch/job.rs"], &["--examples"]] {
        assert!(hanging.each_call(words, "cargo", "true", "") > 0, "{words:?} calls no cargo");
    }
}

#[test]
fn each_call_of_a_cargo_that_ignores_signals() {
    let hanging = Hanging::new("signals-stubborn");
    let calls = hanging.each_call(&["flow"], "cargo", "true", "trap '' TERM INT HUP");
    assert!(calls > 0, "no cargo is called");
}

#[test]
fn each_call_of_rustc_by_mtrun_itself() {
    let hanging = Hanging::new("signals-rustc");
    // There may be none.
    hanging.each_call(&["flow"], "rustc", "grep -q mtrun /proc/$PPID/comm", "");
}

#[test]
fn a_compiler_of_a_build() {
    let hanging = Hanging::new("signals-compiler");
    let test = "case \" $* \" in *' --crate-name flow '*) true;; *) false;; esac";
    let calls = hanging.each_call(&["flow"], "rustc", test, "");
    assert_eq!(calls, 1, "the target is compiled once");
}

#[test]
fn programs_found_by_the_search_path() {
    let hanging = Hanging::new("signals-path");
    for (signal, code) in SIGNALS {
        hanging.stand_in("cargo", "true", 1, "");
        let call = hanging.place.mtrun(&["flow"]).env("PATH", path_with(&[&hanging.folder]));
        assert!(hanging.ends(call, &[signal], code), "cargo was not called");
    }
}

/// The folder for the number of a process, as the programs below know it.
fn note(hanging: &Hanging) -> PathBuf {
    let _ = fs::remove_dir_all(&hanging.folder);
    fs::create_dir_all(&hanging.folder).expect("a folder");
    hanging.folder.clone()
}

const HANGS: &str = r#"
fn hang() {
    let folder = std::path::PathBuf::from(std::env::var_os("HANGING").unwrap());
    std::fs::write(folder.join("pid.new"), std::process::id().to_string()).unwrap();
    std::fs::rename(folder.join("pid.new"), folder.join("pid")).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3600));
}
"#;

#[test]
fn a_build_script() {
    let hanging = Hanging::new("signals-script");
    hanging.place.write("build.rs", &format!("fn main() {{ hang(); }}\n{HANGS}"));
    for (signal, code) in SIGNALS {
        let call = hanging.place.mtrun(&["flow"]).env("HANGING", note(&hanging));
        assert!(hanging.ends(call, &[signal], code), "the script was not run");
    }
}

#[test]
fn a_listing() {
    let hanging = Hanging::new("signals-listing");
    let early = "
        #[used]
        #[unsafe(link_section = \".init_array\")]
        static EARLY: extern \"C\" fn() = early;
        extern \"C\" fn early() {
            let ours = std::env::var(\"CONCURRA_ARGS\").unwrap_or_default();
            let lists = std::env::args().any(|word| word == \"--list\");
            if lists || ours.contains(\"--list\") { hang(); }
        }
    ";
    let text = format!("mod part;\nconcurra::main!();\n{early}{HANGS}");
    hanging.place.write("tests/flow/main.rs", &text);
    for words in [&["tests/flow/part.rs::one"][..], &["flow", "other", "--tags", "none"]] {
        for (signal, code) in SIGNALS {
            let call = hanging.place.mtrun(words).env("HANGING", note(&hanging));
            // There may be a way without a listing.
            hanging.ends(call, &[signal], code);
        }
    }
}

#[test]
fn a_runner_that_starts_nothing() {
    let hanging = Hanging::new("signals-runner");
    let run = hanging.stand_in("run", "true", 1, "");
    let text = format!("[target.'cfg(unix)']\nrunner = {run:?}\n");
    hanging.place.write(".cargo/config.toml", &text);
    for (signal, code) in SIGNALS {
        assert_eq!(hanging.stand_in("run", "true", 1, ""), Path::new(&run));
        // It may be running tasks, which the first signal lets finish.
        let call = hanging.place.mtrun(&["flow"]);
        assert!(hanging.ends(call, &[signal, signal], code), "it was not used");
    }
}

#[test]
fn two_signals_end_it_as_well() {
    let hanging = Hanging::new("signals-twice");
    // The kernel does not keep the order of two signals sent at once.
    for (signals, codes) in [
        ([SIGTERM, SIGTERM], &[143][..]),
        ([SIGINT, SIGINT], &[130]),
        ([SIGINT, SIGTERM], &[130, 143]),
    ] {
        let path = hanging.stand_in("cargo", "true", 1, "trap '' TERM INT");
        let call = hanging.place.mtrun(&["flow"]).env("CARGO", path);
        assert!(hanging.ends_with_one_of(call, &signals, codes), "cargo was not called");
    }
}

/// A signal of the terminal reaches both, and cargo may end before `mtrun` handles it.
#[test]
fn a_signal_that_ends_cargo_first_is_the_cause() {
    let place = Place::new("signals-first");
    place.root_package("shop", "");
    place.write("tests/flow.rs", "#[concurra::task] fn one() {}\nconcurra::main!();\n");
    let cargo = place.path("cargo");
    script(&cargo, "( sleep 0.01; kill -TERM $PPID ) &\nexit 101");
    let ran = place.mtrun(&["flow"]).env("CARGO", &cargo).exits(143);
    ran.complains("error: terminated: nothing was run\n");
}

#[test]
fn a_pipe_is_refused_without_waiting() {
    let place = Place::bare("signals-pipe");
    let made = std::process::Command::new("mkfifo").arg(place.path("job.rs")).status();
    assert!(made.expect("mkfifo").success());
    place.mtrun(&["job.rs"]).exits(94).complains("job.rs`: not a regular file");
}

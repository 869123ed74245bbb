//! Taskflow (C++), compiled from the headers in the folder that the variable `TASKFLOW` names.

use std::cell::RefCell;
use std::env;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::{Contender, Sample};
use crate::shape::Edges;

const SOURCE: &str = include_str!("taskflow.cpp");

/// A program that runs one graph after the other.
pub(crate) struct Taskflow(RefCell<Program>);

struct Program {
    child: Child,
    graphs: ChildStdin,
    times: ChildStdout,
}

impl Taskflow {
    /// Compiles and starts the program; `None` when the variable is not set.
    pub(crate) fn new(workers: usize) -> Option<Result<Self, String>> {
        let headers = PathBuf::from(env::var_os("TASKFLOW")?);
        let started = compile(&headers).and_then(|program| start(&program, workers));
        Some(started.map(|program| Self(RefCell::new(program))))
    }
}

fn compile(headers: &Path) -> Result<PathBuf, String> {
    let folder = env::temp_dir().join(format!("concurra-benches-{}", std::process::id()));
    let (source, program) = (folder.join("taskflow.cpp"), folder.join("taskflow"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&source, SOURCE));
    written.map_err(|error| format!("{}: {error}", source.display()))?;
    let mut compiler = Command::new(env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    compiler.args(["-std=c++20", "-O3", "-DNDEBUG", "-pthread", "-I"]);
    compiler.arg(headers).arg(&source).arg("-o").arg(&program);
    match compiler.status() {
        Ok(status) if status.success() => Ok(program),
        Ok(status) => Err(format!("TASKFLOW: the compiler ended with {status}: {compiler:?}")),
        Err(error) => Err(format!("TASKFLOW: {compiler:?}: {error}")),
    }
}

fn start(program: &Path, workers: usize) -> Result<Program, String> {
    let mut command = Command::new(program);
    command.arg(workers.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let started = command.spawn();
    // The running program needs no file.
    program.parent().map(std::fs::remove_dir_all);
    let mut child = started.map_err(|error| format!("TASKFLOW: {error}"))?;
    let ends = child.stdin.take().zip(child.stdout.take());
    let (graphs, times) = ends.expect("both are pipes");
    Ok(Program { child, graphs, times })
}

impl Program {
    fn run(&mut self, edges: &Edges, turns: u32) -> io::Result<Duration> {
        let number = |number: usize| u32::try_from(number).expect("fewer than 2^32").to_ne_bytes();
        let mut graph = turns.to_ne_bytes().to_vec();
        graph.extend(number(edges.len()));
        for row in (0..edges.len()).map(|task| edges.row(task)) {
            graph.extend(number(row.len()));
            graph.extend(row.iter().flat_map(|dependency| dependency.to_ne_bytes()));
        }
        self.graphs.write_all(&graph)?;
        self.graphs.flush()?;
        let mut nanoseconds = [0; 8];
        self.times.read_exact(&mut nanoseconds)?;
        Ok(Duration::from_nanos(u64::from_ne_bytes(nanoseconds)))
    }
}

impl Contender for Taskflow {
    fn name(&self) -> &'static str {
        "Taskflow (C++), no records"
    }

    fn measure(&self, edges: &Edges, turns: u32) -> Sample {
        let run = self.0.borrow_mut().run(edges, turns);
        Sample { plan: None, run: run.expect("the program of Taskflow ends each run") }
    }
}

impl Drop for Taskflow {
    fn drop(&mut self) {
        let Program { child, .. } = self.0.get_mut();
        // Its work is done, also where it has ended already.
        let _ = child.kill();
        let _ = child.wait();
    }
}

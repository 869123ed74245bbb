//! The run, as a task in a worker process sees it.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::Mutex;

use super::messages::{self, Answer, Question, ToChild, ToParent};
use crate::outcome::Outcome;
use crate::state::{Elsewhere, ResultError, Results, Shared};
use crate::sync::lock;
use crate::value::Value;

/// The child's end of the socket.
#[derive(Debug)]
pub(super) struct Remote {
    /// This process. A process that a task forks has the socket too, and must not send.
    process: u32,
    sender: Mutex<UnixStream>,
    inbox: Mutex<Inbox>,
}

/// The thread that waits for a message keeps one for another thread, so that no thread has to wake
/// another.
#[derive(Debug)]
struct Inbox {
    socket: BufReader<UnixStream>,
    /// Came while a thread waited for an answer that its task had left behind.
    order: Option<ToChild>,
}

impl Remote {
    pub(super) fn new(socket: UnixStream) -> io::Result<Self> {
        let inbox = Inbox { socket: BufReader::new(socket.try_clone()?), order: None };
        let (sender, inbox) = (Mutex::new(socket), Mutex::new(inbox));
        Ok(Self { process: process::id(), sender, inbox })
    }

    pub(super) fn send(&self, message: &ToParent) -> io::Result<()> {
        self.check_process()?;
        let line = serde_json::to_string(message)? + "\n";
        // Under the lock, as the system may take a long line in pieces.
        lock(&self.sender).write_all(line.as_bytes())
    }

    /// Waits for the next order; `None` when the parent has ended.
    pub(super) fn order(&self) -> Option<ToChild> {
        let mut inbox = lock(&self.inbox);
        inbox.order.take().or_else(|| inbox.receive())
    }

    /// Asks and waits for the answer; `None` when the parent has ended.
    fn ask(&self, question: Question) -> Option<Answer> {
        self.check_process().ok()?;
        // Under the lock, as an answer does not name its question.
        let mut inbox = lock(&self.inbox);
        self.send(&ToParent::Ask(question)).ok()?;
        loop {
            match inbox.receive()? {
                ToChild::Answer(answer) => return Some(answer),
                order => inbox.order = Some(order),
            }
        }
    }

    fn check_process(&self) -> io::Result<()> {
        if process::id() == self.process {
            return Ok(());
        }
        Err(io::Error::other("it is a copy that a task forked, and has come back from that task"))
    }
}

impl Inbox {
    fn receive(&mut self) -> Option<ToChild> {
        let mut line = Vec::new();
        self.socket.read_until(b'\n', &mut line).ok()?;
        messages::read(&line).ok()
    }
}

impl Results for Remote {
    fn lookup(&self, name: &str) -> Result<Option<Value>, ResultError> {
        let name = name.to_owned();
        let Some(Answer::Result(found)) = self.ask(Question::Result(name.clone())) else {
            return Err(ResultError::NotRun { name });
        };
        let Some(sent) = found? else { return Ok(None) };
        let found = sent.type_name.clone();
        sent.read().map(Some).map_err(|why| ResultError::Unreadable { name, found, why })
    }

    fn finished(&self) -> Vec<(String, Outcome)> {
        match self.ask(Question::Finished) {
            Some(Answer::Finished(finished)) => finished,
            _ => Vec::new(),
        }
    }
}

impl Elsewhere for Remote {
    fn shared_keys(&self) -> Vec<String> {
        match self.ask(Question::SharedKeys) {
            Some(Answer::SharedKeys(keys)) => keys,
            _ => Vec::new(),
        }
    }

    fn shared(&self, key: &str) -> Shared {
        match self.ask(Question::Shared(key.to_owned())) {
            Some(Answer::Shared(shared)) => shared,
            _ => Shared::Missing,
        }
    }

    fn note_param(&self, name: &str) {
        // An error means that the parent has ended.
        drop(self.send(&ToParent::Param(name.to_owned())));
    }
}

//! The end of the connection at `mtrun`.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::message::{Line, from_line, to_line};
use super::{Closing, Invitation, Order, board, folder, leftover, stdout};
use crate::report::Reporters;

/// The reporters of `mtrun`, to which runners send events.
pub(crate) type SharedReporters = Arc<Mutex<Reporters>>;

/// The connection of `mtrun` to one runner.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    stream: Arc<Mutex<Stream>>,
    reader: JoinHandle<Received>,
    /// Locked while the folder is in use.
    _board: File,
}

/// Orders for one runner.
#[derive(Clone, Debug, Default)]
pub struct Orders(Arc<Mutex<Stream>>);

/// What a runner sent.
#[derive(Debug, Default, PartialEq)]
pub struct Received {
    /// Whether a runner took the invitation.
    pub has_connected: bool,
    /// Its closing record.
    pub closing: Option<Closing>,
    /// The tasks that were running when it ended.
    pub running: Vec<String>,
}

/// Orders given before the runner is there are kept for it.
#[derive(Debug, Default)]
struct Stream {
    open: Option<UnixStream>,
    kept: Vec<Order>,
}

impl Watch {
    /// Listens for a runner, and completes the invitation to it.
    ///
    /// # Errors
    /// The folder, the board or the socket cannot be made.
    pub(crate) fn listen(
        invitation: &mut Invitation,
        reporters: SharedReporters,
    ) -> io::Result<Self> {
        let folder = folder::make()?;
        invitation.socket = folder.join("socket");
        invitation.board = folder.join("board");
        invitation.ticket = folder.join("ticket");
        File::create(&invitation.ticket)?;
        let board = File::create(&invitation.board)?;
        leftover::lock(&board);
        let listener = UnixListener::bind(&invitation.socket)?;
        let stream = Arc::new(Mutex::new(Stream::default()));
        let shared = Arc::clone(&stream);
        let sends_stdout = invitation.sends_stdout;
        let reader = std::thread::Builder::new()
            .name("runner".to_owned())
            .spawn(move || receive(&listener, sends_stdout, &shared, &reporters))?;
        Ok(Self { folder, stream, reader, _board: board })
    }

    /// Removes what earlier `mtrun`s left behind when they were killed.
    pub fn sweep() {
        if let Ok(parent) = folder::parent() {
            leftover::sweep(&parent);
        }
    }

    /// The way to give orders from other threads.
    #[must_use]
    pub fn orders(&self) -> Orders {
        Orders(Arc::clone(&self.stream))
    }

    /// Returns the runner's messages. Call it when the process has ended.
    #[must_use]
    pub fn finish(self) -> Received {
        // A runner that never connected leaves its listener waiting; one that was forked without a
        // new program may keep the socket open. Both are ended from here; what was sent before is
        // still read.
        let _ = UnixStream::connect(self.folder.join("socket"));
        if let Some(open) = &lock(&self.stream).open {
            let _ = open.shutdown(Shutdown::Both);
        }
        let mut received = self.reader.join().unwrap_or_default();
        received.running = board::read(&self.folder.join("board"));
        // A folder left behind in the system's temporary one is not worth an error.
        let _ = fs::remove_dir_all(&self.folder);
        received
    }
}

impl Orders {
    /// Gives an order, also to a runner that is yet to come.
    pub fn give(&self, order: Order) {
        lock(&self.0).send(order);
    }

    /// Whether the runner has come.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        lock(&self.0).open.is_some()
    }
}

impl Stream {
    fn send(&mut self, order: Order) {
        match &mut self.open {
            // A runner that is gone needs no orders.
            Some(stream) => drop(stream.write_all(to_line(&order).as_bytes())),
            None => self.kept.push(order),
        }
    }
}

fn receive(
    listener: &UnixListener,
    sends_stdout: bool,
    shared: &Mutex<Stream>,
    reporters: &Mutex<Reporters>,
) -> Received {
    let mut received = Received::default();
    let Ok((stream, _)) = listener.accept() else { return received };
    let Ok(reader) = stream.try_clone() else { return received };
    if sends_stdout && stdout::send(&stream).is_err() {
        // The runner is gone, or this is the end of the wait for one.
        return received;
    }
    {
        let mut shared = lock(shared);
        shared.open = Some(stream);
        for order in std::mem::take(&mut shared.kept) {
            shared.send(order);
        }
    }
    let (mut reader, mut line) = (BufReader::new(reader), String::new());
    loop {
        if reader.buffer().is_empty() {
            lock(reporters).idle();
        }
        line.clear();
        if !reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            return received;
        }
        match from_line(&line) {
            Some(Line::Connected) => received.has_connected = true,
            Some(Line::Event(event)) => lock(reporters).event(&event),
            Some(Line::Closing(closing)) => received.closing = Some(closing),
            None => {}
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

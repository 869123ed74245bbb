//! The end of the connection at `mtrun`.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use concurra_core::Counts;

use super::board::Noted;
use super::message::{EVENT, LAST_EVENT, Line, from_line, to_line};
use super::{Closing, Invitation, KnownFailure, Order, board, folder, stdout};
use crate::report::Reporters;
use crate::sync::lock;

/// As much as a runner sends at once.
const BUFFER: usize = 128 * 1024;

/// The reporters of `mtrun`, to which runners send events.
pub(crate) type SharedReporters = Arc<Mutex<Reporters>>;

/// The connection of `mtrun` to one runner.
#[derive(Debug)]
pub(crate) struct Watch {
    folder: PathBuf,
    /// The sender of orders to the runner, for other threads.
    pub(crate) orders: Orders,
    reader: JoinHandle<Received>,
    /// Locked while the folder is in use.
    _board: File,
}

/// Orders for one runner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Mutex<Stream>>);

/// All that a runner sent.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Received {
    /// Whether a runner took the invitation.
    pub(crate) has_connected: bool,
    /// Its closing record.
    pub(crate) closing: Option<Closing>,
    /// How many tasks had ended how.
    pub(crate) counts: Counts,
    /// The failures so far.
    pub(crate) failures: Vec<KnownFailure>,
    /// What ran when it ended.
    pub(crate) noted: Noted,
}

/// The socket, and the lines of orders that wait for the runner to connect.
#[derive(Debug, Default)]
struct Stream {
    open: Option<UnixStream>,
    waiting: String,
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
        folder::lock(&board);
        let listener = UnixListener::bind(&invitation.socket)?;
        let orders = Orders::default();
        let shared = orders.clone();
        let sends_stdout = invitation.sends_stdout;
        let reader = std::thread::Builder::new()
            .name("runner".to_owned())
            .spawn(move || receive(&listener, sends_stdout, &shared.0, &reporters))?;
        Ok(Self { folder, orders, reader, _board: board })
    }

    /// Returns the runner's messages. Call it when the process has ended.
    pub(crate) fn finish(self) -> Received {
        // The listener may still wait for a runner that never connected, and a child of the runner may
        // keep the socket open. Both waits end here; all that was sent before is still read.
        let _ = UnixStream::connect(self.folder.join("socket"));
        if let Some(open) = &lock(&self.orders.0).open {
            let _ = open.shutdown(Shutdown::Both);
        }
        let mut received = self.reader.join().unwrap_or_default();
        (received.counts, received.noted) = board::read(&self.folder.join("board"));
        // A folder that stays in the system's temporary folder is not worth an error.
        let _ = fs::remove_dir_all(&self.folder);
        received
    }
}

impl Orders {
    /// Sends an order, also to a runner that has not connected yet.
    pub(crate) fn give(&self, order: Order) {
        let (line, mut stream) = (to_line(&order), lock(&self.0));
        match &mut stream.open {
            // A runner that has ended needs no orders.
            Some(open) => drop(open.write_all(line.as_bytes())),
            None => stream.waiting += &line,
        }
    }

    /// Whether the runner has connected.
    pub(crate) fn is_connected(&self) -> bool {
        lock(&self.0).open.is_some()
    }
}

fn receive(
    listener: &UnixListener,
    sends_stdout: bool,
    shared: &Mutex<Stream>,
    reporters: &Mutex<Reporters>,
) -> Received {
    let mut received = Received::default();
    let Ok((mut stream, _)) = listener.accept() else { return received };
    let Ok(reader) = stream.try_clone() else { return received };
    if sends_stdout && stdout::send(&stream).is_err() {
        // The runner has ended, or `finish` has ended the wait for it.
        return received;
    }
    {
        let mut shared = lock(shared);
        let _ = stream.write_all(shared.waiting.as_bytes());
        shared.open = Some(stream);
    }
    let (mut reader, mut line) = (BufReader::with_capacity(BUFFER, reader), Vec::new());
    loop {
        if reader.buffer().is_empty() {
            lock(reporters).idle();
        }
        line.clear();
        if !reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            return received;
        }
        // A runner that dies may leave a part of a line.
        let Some(line) = line.strip_suffix(b"\n") else { return received };
        match line.split_first() {
            Some((&EVENT, json)) => lock(reporters).pass_on(json),
            Some((&LAST_EVENT, json)) => lock(reporters).read(json),
            _ => received.take(line),
        }
    }
}

impl Received {
    fn take(&mut self, line: &[u8]) {
        match std::str::from_utf8(line).ok().and_then(from_line) {
            Some(Line::Connected) => self.has_connected = true,
            Some(Line::Failure(failure)) => self.failures.push(failure),
            Some(Line::Closing(closing)) => self.closing = Some(closing),
            None => {}
        }
    }
}

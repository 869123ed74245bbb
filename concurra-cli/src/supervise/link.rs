//! The runner's end.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::invitation::Greeting;
use super::message::{Line, from_line, to_line};
use super::signals::Kind;
use super::{Board, Closing, Invitation, Order, PROTOCOL, VARIABLE, VERSION};

/// The connection of a runner to the `mtrun` that started it.
#[derive(Debug)]
pub struct Link {
    invitation: Invitation,
    stream: UnixStream,
    board: Arc<Board>,
    /// Once the closing record is written, the end of the socket is no order to stop.
    closed: Arc<AtomicBool>,
}

/// Why a runner cannot be supervised by the `mtrun` that started it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// They do not speak the same protocol.
    #[error(
        "mtrun {mtrun} (protocol {protocol}) does not fit concurra {VERSION} (protocol \
         {PROTOCOL}) in this binary; install the mtrun of that version: \
         cargo install concurra-cli --version {VERSION}"
    )]
    Protocol {
        /// The version of `mtrun`.
        mtrun: String,
        /// Its protocol.
        protocol: u32,
    },
    /// The variable is not what an `mtrun` writes.
    #[error("the variable `{VARIABLE}` is not readable; unset it, only mtrun should set it")]
    Unreadable,
    /// The socket or the board is not there.
    #[error("mtrun started this run but cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
}

impl Link {
    /// Takes the invitation of the environment; none when nobody supervises this process.
    ///
    /// # Errors
    /// `mtrun` is there but does not fit or cannot be reached.
    pub fn connect() -> Result<Option<Self>, Mismatch> {
        let Some(text) = std::env::var_os(VARIABLE) else { return Ok(None) };
        let invitation = Self::invitation(text.to_str().ok_or(Mismatch::Unreadable)?)?;
        invitation.map(Self::accept).transpose()
    }

    /// Whether the variable is set but was meant for an ancestor: a task of a supervised run has
    /// started this process. What `mtrun` told that ancestor is then not for us either.
    #[must_use]
    pub fn is_inherited() -> bool {
        let greeting = std::env::var(VARIABLE).ok().and_then(|text| Greeting::from_text(&text));
        greeting.is_some_and(|greeting| !greeting.is_for_this_process())
    }

    /// The invitation in the text; none when it is for another process.
    pub(super) fn invitation(text: &str) -> Result<Option<Invitation>, Mismatch> {
        let greeting = Greeting::from_text(text).ok_or(Mismatch::Unreadable)?;
        if !greeting.is_for_this_process() {
            return Ok(None);
        }
        if !greeting.fits() {
            let Greeting { version: mtrun, protocol, .. } = greeting;
            return Err(Mismatch::Protocol { mtrun, protocol });
        }
        Invitation::from_text(text).map(Some).ok_or(Mismatch::Unreadable)
    }

    pub(super) fn accept(invitation: Invitation) -> Result<Self, Mismatch> {
        let mut stream = UnixStream::connect(&invitation.socket)?;
        stream.write_all(to_line(&Line::hello()).as_bytes())?;
        let board = Arc::new(Board::open(&invitation.board)?);
        Ok(Self { invitation, stream, board, closed: Arc::default() })
    }

    /// Where running tasks are noted.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Where the person called `mtrun`: relative paths on the command line start here.
    #[must_use]
    pub fn base(&self) -> &Path {
        &self.invitation.base
    }

    /// The command that runs this target; `::` and a task's name, and options, may be appended.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.invitation.command
    }

    /// What to print above everything else, when there is anything else.
    #[must_use]
    pub fn heading(&self) -> &str {
        &self.invitation.heading
    }

    /// Whether other targets run as well, which may know names that this one does not.
    #[must_use]
    pub const fn several(&self) -> bool {
        self.invitation.several
    }

    /// Calls `f` for each order, on a thread of its own. The end of `mtrun` is an order to stop.
    ///
    /// # Errors
    /// The thread could not be made.
    pub fn orders(&self, mut f: impl FnMut(Order) + Send + 'static) -> io::Result<()> {
        let lines = BufReader::new(self.stream.try_clone()?).lines();
        let closed = Arc::clone(&self.closed);
        let run = move || {
            for order in lines.map_while(Result::ok).filter_map(|line| from_line(&line)) {
                f(order);
            }
            if !closed.load(Ordering::Acquire) {
                f(Order::Stop(Kind::Terminate));
            }
        };
        std::thread::Builder::new().name("orders".to_owned()).spawn(run)?;
        Ok(())
    }

    /// Says the last word. Without it `mtrun` takes the run for one that did not finish.
    ///
    /// # Errors
    /// `mtrun` is gone.
    pub fn close(&self, closing: &Closing) -> io::Result<()> {
        self.closed.store(true, Ordering::Release);
        let closing = Line::Closing(closing.clone());
        (&self.stream).write_all(to_line(&closing).as_bytes())
    }
}

//! The runner's end of the connection.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use concurra_core::StopReason;

use super::invitation::Greeting;
use super::message::{Line, from_line, to_line};
use super::{Board, Closing, Invitation, Order, PROTOCOL, VARIABLE, VERSION, stdout};
use crate::report::Sink;

/// The connection of a runner to the `mtrun` that started it.
#[derive(Debug)]
pub(crate) struct Link {
    /// The invitation of `mtrun` to this runner.
    pub(crate) invitation: Invitation,
    stream: UnixStream,
    /// The file in which the runner notes the running tasks.
    pub(crate) board: Arc<Board>,
}

/// Why a runner cannot be supervised by the `mtrun` that started it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mismatch {
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
    /// No `mtrun` has written the variable like this.
    #[error("the variable `{VARIABLE}` is not readable; unset it, only mtrun should set it")]
    Unreadable,
    /// The file of the program was replaced just before it started.
    #[error("mtrun started the target `{expected}`, but this program is `{found}`; run it again")]
    Target {
        /// The identity of the target that `mtrun` means.
        expected: String,
        /// The identity of this program.
        found: String,
    },
    /// The socket or the board is not there.
    #[error("mtrun started this run but cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
}

impl Link {
    /// Takes the invitation of the environment. `None` when `mtrun` does not supervise this process:
    /// the variable is not set, or an ancestor has taken the invitation.
    ///
    /// # Errors
    /// `mtrun` is there but does not fit, cannot be reached, or means another target than the one
    /// with this identity.
    pub(crate) fn connect(identity: &str) -> Result<Option<Self>, Mismatch> {
        let Some(text) = std::env::var_os(VARIABLE) else { return Ok(None) };
        Self::accept(text.to_str().ok_or(Mismatch::Unreadable)?, identity)
    }

    pub(super) fn accept(text: &str, identity: &str) -> Result<Option<Self>, Mismatch> {
        let greeting: Greeting = from_line(text).ok_or(Mismatch::Unreadable)?;
        if greeting.protocol != PROTOCOL {
            // Another version may know no ticket.
            let Greeting { version: mtrun, protocol, parent } = greeting;
            let is_for_other = parent != std::os::unix::process::parent_id();
            return if is_for_other {
                Ok(None)
            } else {
                Err(Mismatch::Protocol { mtrun, protocol })
            };
        }
        let invitation: Invitation = from_line(text).ok_or(Mismatch::Unreadable)?;
        if std::fs::remove_file(&invitation.ticket).is_err() {
            return Ok(None);
        }
        if invitation.target != identity {
            let [expected, found] =
                [invitation.target.as_str(), identity].map(|text| text.replace('\n', " "));
            return Err(Mismatch::Target { expected, found });
        }
        let mut stream = UnixStream::connect(&invitation.socket)?;
        stream.write_all(to_line(&Line::Connected).as_bytes())?;
        if invitation.sends_stdout {
            stdout::receive(&stream)?;
        }
        let board = Arc::new(Board::open(&invitation.board)?);
        Ok(Some(Self { invitation, stream, board }))
    }

    /// Calls `f` on another thread for each order. The end of `mtrun` is an order to stop, which has
    /// no effect after the run.
    ///
    /// # Errors
    /// The thread could not be made.
    pub(crate) fn orders(&self, mut f: impl FnMut(Order) + Send + 'static) -> io::Result<()> {
        let lines = BufReader::new(self.stream.try_clone()?).lines();
        let run = move || {
            for order in lines.map_while(Result::ok).filter_map(|line| from_line(&line)) {
                f(order);
            }
            f(Order::Cancel(StopReason::Terminate));
        };
        std::thread::Builder::new().name("orders".to_owned()).spawn(run)?;
        Ok(())
    }

    /// The sink for the lines of [`Forward`](super::Forward).
    ///
    /// # Errors
    /// The system has no file descriptor left.
    pub(crate) fn events(&self) -> io::Result<Sink> {
        self.stream.try_clone().map(Sink::pipe)
    }

    /// Sends the closing record. Without it `mtrun` reports a run that did not finish.
    ///
    /// # Errors
    /// `mtrun` has ended.
    pub(crate) fn close(&self, closing: &Closing) -> io::Result<()> {
        let closing = Line::Closing(closing.clone());
        (&self.stream).write_all(to_line(&closing).as_bytes())
    }
}

//! How the runner in a test of libtest gets the stdout of `mtrun`.
//!
//! Libtest prints a head before the test runs, so `mtrun` starts it with its stdout closed to it and
//! sends its own over the socket. Tasks and the runner then print there directly.

use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::unix::net::UnixStream;

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

/// Takes the stdout that `mtrun` sends first for this process's own.
pub(super) fn receive(stream: &UnixStream) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(stream, &mut [IoSliceMut::new(&mut byte)], &mut control, RecvFlags::empty())?;
    let sent = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut sent) => sent.next(),
        _ => None,
    });
    let sent = sent.ok_or_else(|| io::Error::other("mtrun sent no stdout"))?;
    Ok(rustix::stdio::dup2_stdout(sent)?)
}

/// Sends this process's stdout.
#[cfg(feature = "launcher")]
pub(super) fn send(stream: &UnixStream) -> io::Result<()> {
    use std::io::IoSlice;

    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

    let stdout = [rustix::stdio::stdout()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(&stdout));
    sendmsg(stream, &[IoSlice::new(&[0])], &mut control, SendFlags::empty())?;
    Ok(())
}

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use concurra_core::{Counts, Event, Observer, Outcome, Plan, Runner, StopReason};

use super::link::Mismatch;
use super::message::from_line;
use super::*;
use crate::report::{ReportTo, Reporters, Stdio};
use crate::sync::lock;

const LONG: Duration = Duration::from_secs(20);

fn invite() -> (Watch, Invitation) {
    let mut invitation = Invitation { command: "mtrun t.rs".to_owned(), ..Invitation::default() };
    let watch = Watch::listen(&mut invitation, SharedReporters::default()).expect("a socket");
    // The variable goes through text; a test cannot have itself for a parent.
    let read = from_line::<Invitation>(&invitation.to_text()).expect("readable");
    assert_eq!(read, invitation);
    (watch, read)
}

fn closing() -> Closing {
    let absent = Absent {
        message: "unknown tag `aa`".to_owned(),
        name: "aa".to_owned(),
        near: vec!["ab".to_owned()],
        class: ExitClass::Option,
    };
    let mut counts = Counts::default();
    counts.add(Outcome::Passed);
    counts.add(Outcome::Failed);
    Closing {
        class: ExitClass::Failed,
        counts: counts.with_flaky(1),
        failed_setups: 2,
        failed_teardowns: 3,
        skipped: 4,
        unread: Some(vec![Unread { name: "a".to_owned(), nearest: vec!["b".to_owned()] }]),
        absent: vec![absent],
    }
}

#[test]
fn a_run_from_hello_to_closing() {
    let (watch, invitation) = invite();
    let link = Link::accept(&invitation.to_text(), "").expect("a link").expect("an invitation");
    assert_eq!(link.invitation.command, "mtrun t.rs");
    let (sender, orders) = mpsc::channel();
    link.orders(move |order| sender.send(order).expect("a listener")).expect("a thread");
    let sent = &watch.orders;
    for order in [
        Order::Stop(StopReason::Interrupt),
        Order::Cancel(StopReason::Terminate),
        Order::Exit(StopReason::Hangup),
    ] {
        sent.give(order);
        assert_eq!(orders.recv_timeout(LONG), Ok(order));
    }
    let board = &link.board;
    board.note(0, "first", 1);
    board.note(7, "db::seed", 2);
    board.note(0, "", 0);
    link.close(&closing()).expect("a reader");
    let received = watch.finish();
    assert!(received.has_connected);
    assert_eq!(received.closing, Some(closing()));
    assert_eq!(received.noted.running, ["db::seed"]);
    assert_eq!(orders.recv_timeout(LONG), Ok(Order::Cancel(StopReason::Terminate)));
    assert!(orders.recv_timeout(LONG).is_err(), "no order follows the end of `mtrun`");
}

/// Passes events on, and lets the test keep the reporters.
struct Shared(SharedReporters);

impl Observer for Shared {
    fn event(&mut self, _: &Plan, event: &Event) {
        lock(&self.0).event(event);
    }

    fn idle(&mut self) {
        lock(&self.0).idle();
    }

    fn wants_results(&self) -> bool {
        true
    }
}

/// Reports in a folder.
fn reports(kinds: &[&'static str], folder: &Path) -> SharedReporters {
    let report = |kind: &&'static str| ReportTo { kind, file: Some(folder.join(kind)) };
    let reporters = Reporters::open(kinds.iter().map(report), Stdio::Stdout, true);
    let mut reporters = reporters.expect("files");
    reporters.begin("tests/\"flow\".rs");
    Arc::new(Mutex::new(reporters))
}

#[test]
fn mtrun_writes_the_bytes_that_the_run_would_write() {
    // Where lines of JSON are all that is wanted, `mtrun` reads only the last event.
    for kinds in [&["jsonl"][..], &["jsonl", "json", "md"]] {
        let [here, there] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let ours = reports(kinds, here.path());
        let theirs = reports(kinds, there.path());
        let mut invitation = Invitation::default();
        let watch = Watch::listen(&mut invitation, Arc::clone(&theirs)).expect("a socket");
        let link = Link::accept(&invitation.to_text(), "").expect("a link").expect("an invitation");
        let forward = Forward { sends_events: true, describe: Box::new(|_, _| None) };
        lock(&ours).push(Box::new(forward), link.events().expect("a descriptor"));
        let mut runner = Runner::new().workers(2).observe(Box::new(Shared(Arc::clone(&ours))));
        runner.add("größe \"🦀\"\n", || vec![1.5, 0.1]);
        runner.add("fails", || Err::<(), _>("no\nrows")).retries(1);
        runner.add_all((0..3000).map(|task| (format!("below {task}"), || ())));
        runner.add("skipped", || ()).after(["fails"]);
        runner.run().expect("a plan");
        assert!(lock(&ours).end().is_empty());
        link.close(&closing()).expect("a reader");
        assert_eq!(watch.finish().closing, Some(closing()));
        assert!(lock(&theirs).end().is_empty());
        for kind in kinds {
            let [here, there] = [&here, &there].map(|folder| fs::read(folder.path().join(kind)));
            let (here, there) = (here.expect("a report"), there.expect("a report"));
            assert!(here == there && here.len() > 100, "{kind}");
        }
    }
}

#[test]
fn a_line_that_breaks_off_is_in_no_report() {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    let folder = tempfile::tempdir().expect("a folder");
    let theirs = reports(&["jsonl"], folder.path());
    let mut invitation = Invitation::default();
    let watch = Watch::listen(&mut invitation, Arc::clone(&theirs)).expect("a socket");
    let mut stream = UnixStream::connect(&invitation.socket).expect("mtrun is there");
    let whole = r#"e{"name":"a","event":"ready","task":0}"#;
    stream.write_all(format!("{whole}\n{}", &whole[..20]).as_bytes()).expect("a reader");
    drop(stream);
    drop(watch.finish());
    assert!(lock(&theirs).end().is_empty());
    let text = fs::read_to_string(folder.path().join("jsonl")).expect("a report");
    assert_eq!(text, format!("{{\"target\":\"tests/\\\"flow\\\".rs\",{}\n", &whole[2..]));
}

#[test]
fn a_runner_that_never_comes() {
    let (watch, _) = invite();
    watch.orders.give(Order::Exit(StopReason::Interrupt));
    assert_eq!(watch.finish(), Received::default());
}

#[test]
fn orders_wait_for_the_runner_and_the_end_of_mtrun_is_one() {
    let (watch, invitation) = invite();
    watch.orders.give(Order::Stop(StopReason::Interrupt));
    let link = Link::accept(&invitation.to_text(), "").expect("a link").expect("an invitation");
    let (sender, orders) = mpsc::channel();
    link.orders(move |order| _ = sender.send(order)).expect("a thread");
    assert_eq!(orders.recv_timeout(LONG), Ok(Order::Stop(StopReason::Interrupt)));
    assert!(watch.finish().closing.is_none());
    assert_eq!(orders.recv_timeout(LONG), Ok(Order::Cancel(StopReason::Terminate)));
}

#[test]
fn versions_that_do_not_fit_are_both_named() {
    let parent = std::os::unix::process::parent_id();
    // Another version may write other fields in other forms.
    let other = r#"{"protocol":99,"version":"9.8.7","socket":{"host":1},"parent":"#;
    let error = Link::accept(&format!("{other}{parent}}}"), "").expect_err("another protocol");
    let error = error.to_string();
    assert!(error.contains("9.8.7") && error.contains(VERSION), "{error}");
    let elsewhere = Link::accept(&format!("{other}1}}"), "").expect("for another process");
    assert!(elsewhere.is_none());
    let text = Invitation::default().to_text();
    assert!(text.contains(&format!(r#""protocol":{PROTOCOL},"version":"{VERSION}","#)), "{text}");
}

#[test]
fn an_invitation_is_taken_once() {
    let (watch, invitation) = invite();
    let text = invitation.to_text();
    assert!(Link::accept(&text, "").expect("mtrun is there").is_some());
    assert!(Link::accept(&text, "").expect("mtrun is there").is_none());
    drop(watch.finish());
    assert!(matches!(Link::accept("{}", ""), Err(Mismatch::Unreadable)));
}

#[test]
fn a_program_of_another_target_refuses() {
    let (watch, invitation) = invite();
    let error = Link::accept(&invitation.to_text(), "shop\norders").expect_err("another target");
    assert!(error.to_string().contains("`shop orders`"), "{error}");
    drop(watch.finish());
}

#[test]
fn paths_that_are_not_unicode_are_invited_to() {
    use std::os::unix::ffi::OsStringExt;
    let base = std::ffi::OsString::from_vec(b"/odd-\xff/here".to_vec()).into();
    let invitation = Invitation { base, ..Invitation::default() };
    assert_eq!(from_line(&invitation.to_text()), Some(invitation));
}

#[test]
fn a_name_longer_than_an_entry_is_cut_between_letters() {
    let (watch, invitation) = invite();
    let board = Board::open(&invitation.board).expect("a board");
    board.note(0, &"ä".repeat(200), 1);
    board.note_abandoned(1, &"ä".repeat(200), 1);
    board.note(2, "next", 1);
    let cut = ["ä".repeat(123), "ä".repeat(117) + " (abandoned)", "next".to_owned()];
    assert_eq!(watch.finish().noted.running, cut);
}

#[test]
fn the_greater_class_decides() {
    assert_eq!(ExitClass::Failed.max(ExitClass::Report), ExitClass::Report);
    assert_eq!(ExitClass::Setup.max(ExitClass::Report), ExitClass::Setup);
    assert!(ExitClass::Build < ExitClass::Stopped(StopReason::Interrupt));
}

#[test]
fn codes_are_different() {
    use ExitClass::{
        Build, Failed, Good, Listing, Metadata, Nothing, Option, Plan, Report, Setup, Stopped,
    };
    let stopped = [Stopped(StopReason::Terminate), Stopped(StopReason::Interrupt)];
    let all =
        [Good, Nothing, Failed, Report, Option, Setup, Plan, Listing, Metadata, Build].into_iter();
    let codes = all.chain(stopped).map(ExitClass::mtrun_code).collect::<Vec<_>>();
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), codes.len());
}

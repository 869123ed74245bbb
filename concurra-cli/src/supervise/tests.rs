use std::sync::mpsc;
use std::time::Duration;

use concurra_core::Outcome;

use super::signals::Kind;
use super::*;

const LONG: Duration = Duration::from_secs(20);

fn invite() -> (Watch, Invitation) {
    let mut invitation = Invitation { command: "mtrun t.rs".to_owned(), ..Invitation::default() };
    let watch = Watch::listen(&mut invitation).expect("a socket");
    // The variable goes through text; a test cannot have itself for a parent.
    let read = Invitation::from_text(&invitation.to_text()).expect("readable");
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
    Closing {
        class: ExitClass::Failed,
        counts: vec![(Outcome::Passed, 3), (Outcome::Failed, 1)],
        flaky: 1,
        failed_setups: 2,
        failed_teardowns: 3,
        duration: Duration::from_millis(1500),
        absent: vec![absent],
    }
}

#[test]
fn a_run_from_hello_to_closing() {
    let (watch, invitation) = invite();
    let link = Link::accept(invitation, "").expect("a link").expect("an invitation");
    assert_eq!(link.command(), "mtrun t.rs");
    let (sender, orders) = mpsc::channel();
    link.orders(move |order| sender.send(order).expect("a listener")).expect("a thread");
    let give = watch.orders();
    for order in [Order::Stop(Kind::Interrupt), Order::Stop(Kind::Terminate), Order::Kill] {
        give(order);
        assert_eq!(orders.recv_timeout(LONG), Ok(order));
    }
    let board = link.board();
    board.started(0, "first");
    board.started(7, "db::seed");
    board.ended(0);
    link.close(&closing()).expect("a reader");
    let heard = watch.finish();
    assert_eq!(heard.hello, Some((VERSION.to_owned(), u64::from(PROTOCOL))));
    assert_eq!(heard.closing, Some(closing()));
    assert_eq!(heard.running, ["db::seed"]);
    assert!(orders.recv_timeout(LONG).is_err(), "the end after closing is no order");
}

#[test]
fn a_runner_that_never_comes() {
    let (watch, _) = invite();
    watch.orders()(Order::Kill);
    assert_eq!(watch.finish(), Heard::default());
}

#[test]
fn orders_wait_for_the_runner_and_the_end_of_mtrun_is_one() {
    let (watch, invitation) = invite();
    watch.orders()(Order::Stop(Kind::Interrupt));
    let link = Link::accept(invitation, "").expect("a link").expect("an invitation");
    let (sender, orders) = mpsc::channel();
    link.orders(move |order| _ = sender.send(order)).expect("a thread");
    assert_eq!(orders.recv_timeout(LONG), Ok(Order::Stop(Kind::Interrupt)));
    assert!(watch.finish().closing.is_none());
    assert_eq!(orders.recv_timeout(LONG), Ok(Order::Stop(Kind::Terminate)));
}

#[test]
fn versions_that_do_not_fit_are_both_named() {
    let (protocol, version) = (99, "9.8.7".to_owned());
    let other = Invitation { protocol, version, ..Invitation::default() };
    let from_parent = Invitation { parent: std::os::unix::process::parent_id(), ..other.clone() };
    let error = Link::accept(from_parent, "").expect_err("another protocol").to_string();
    assert!(error.contains("9.8.7") && error.contains(VERSION), "{error}");
    assert!(Link::accept(other, "").expect("meant for another process").is_none());
}

#[test]
fn an_invitation_is_taken_once() {
    let (watch, invitation) = invite();
    assert!(Link::accept(invitation.clone(), "").expect("mtrun is there").is_some());
    assert!(Link::accept(invitation, "").expect("mtrun is there").is_none());
    watch.finish();
}

#[test]
fn a_program_of_another_target_refuses() {
    let (watch, invitation) = invite();
    let error = Link::accept(invitation, "shop\norders").expect_err("another target").to_string();
    assert!(error.contains("`shop orders`"), "{error}");
    watch.finish();
}

#[test]
fn a_name_longer_than_a_slot_is_cut_between_letters() {
    let (watch, invitation) = invite();
    let board = Board::open(&invitation.board).expect("a board");
    board.started(0, &"ä".repeat(200));
    board.started(1, "next");
    assert_eq!(watch.finish().running, ["ä".repeat(127), "next".to_owned()]);
}

#[test]
fn of_two_classes_the_contracts_first_decides() {
    assert_eq!(ExitClass::Failed.or(ExitClass::Report), ExitClass::Report);
    assert_eq!(ExitClass::Setup.or(ExitClass::Report), ExitClass::Setup);
    assert_eq!(ExitClass::Good.or(ExitClass::Good), ExitClass::Good);
}

#[test]
fn codes_are_different_and_readable() {
    for class in ExitClass::ALL {
        assert_eq!(ExitClass::from_mtrun_code(class.mtrun_code()), Some(class));
    }
}

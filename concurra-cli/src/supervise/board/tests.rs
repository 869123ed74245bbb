use std::process::Command;

use tempfile::TempDir;

use super::*;

/// The bodies that the mapped entries are for.
const BODIES: usize = MAPPED / ENTRY - FIRST;

/// A folder, a board in it as `mtrun` makes it, and its path.
fn made() -> (TempDir, Board, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("board");
    File::create(&path).expect("a file");
    let board = Board::open(&path).expect("a board");
    (folder, board, path)
}

/// The same board where the system shares no memory.
fn unmapped() -> (TempDir, Board, std::path::PathBuf) {
    let (folder, board, path) = made();
    (folder, Board { mapped: &[], ..board }, path)
}

fn names(path: &Path) -> Vec<String> {
    read(path).1.running
}

#[test]
fn memory_and_file_are_one_board() {
    for (_folder, board, path) in [made(), unmapped()] {
        for index in [0, BODIES - 1, BODIES, BODIES + 300] {
            board.note(index, &format!("body {index}"), 7);
            assert_eq!(names(&path), [format!("body {index}")]);
            board.note_abandoned(index, "it", 7);
            assert_eq!(names(&path), ["it (abandoned)"]);
            assert_eq!(board.read(), read(&path).1);
            board.note(index, "", 0);
            assert!(names(&path).is_empty());
        }
    }
    assert!(!made().1.mapped.is_empty());
}

#[test]
fn ended_tasks_are_counted() {
    for (_folder, board, path) in [made(), unmapped()] {
        assert_eq!(read(&path).0, Counts::default());
        for (number, outcome) in Outcome::ALL.into_iter().enumerate() {
            (0..300 + number).for_each(|_| board.count(outcome, false));
        }
        board.count(Outcome::Passed, true);
        let expected = std::array::from_fn(|number| 300 + number + usize::from(number == 0));
        assert_eq!(read(&path).0, Counts::new(expected, 1));
        assert!(names(&path).is_empty());
    }
}

#[test]
fn any_text_and_length_is_read_as_it_was_written() {
    let (_folder, board, path) = made();
    for name in ["a\0b", "\0", "größe 🦀", &"x".repeat(TEXT), &"x".repeat(TEXT - 1)] {
        board.note(3, name, 1);
        assert_eq!(names(&path), [name]);
    }
    // A shorter text leaves nothing of the one before.
    board.note(3, "y", 1);
    assert_eq!(names(&path), ["y"]);
}

#[test]
fn a_board_without_room_only_stays_empty() {
    for path in ["/dev/full", "/dev/null"] {
        let board = Board::open(Path::new(path)).expect("a device");
        assert!(board.mapped.is_empty());
        board.note(0, "task", 1);
        board.count(Outcome::Passed, true);
    }
}

/// Notes many bodies until it is killed: a process of its own, as only a death ends the notes at any moment.
#[test]
#[ignore = "the test below starts it"]
fn notes_until_it_is_killed() {
    let path = std::env::var_os("BOARD").expect("a path");
    let board = Board::open(Path::new(&path)).expect("a board");
    board.note(1, "stays", 1);
    for number in 0_usize.. {
        board.note(0, &TEXTS[number % TEXTS.len()].repeat(60), 1);
        board.note(0, "", 0);
    }
}

const TEXTS: [&str; 3] = ["abcd", "efg", "h"];

#[test]
fn a_process_that_is_killed_leaves_whole_names() {
    for _ in 0..20 {
        let (_folder, _, path) = made();
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--ignored", "--exact", "supervise::board::tests::notes_until_it_is_killed"])
            .env("BOARD", &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("a process");
        while !names(&path).iter().any(|name| name == "stays") {
            std::thread::yield_now();
        }
        child.kill().expect("it runs");
        child.wait().expect("an end");
        let names = names(&path);
        let (last, first) = names.split_last().expect("a name");
        let whole = TEXTS.map(|text| text.repeat(60));
        assert_eq!(last, "stays");
        assert!(first.is_empty() || whole.contains(&first[0]), "{names:?}");
    }
}

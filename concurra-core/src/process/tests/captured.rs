//! Streams beyond their limit.

use std::fs;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::capture::Kept;
use super::super::{CaptureSpec, OutputFolder};
use super::Folder;

/// What is kept of these pieces, and the file of the whole.
fn kept(
    limit: usize,
    keeps_whole: bool,
    pieces: &[Vec<u8>],
) -> (Vec<u8>, Option<Vec<u8>>, Vec<u8>) {
    let folder = Folder::new();
    let mut spec = CaptureSpec::new(Some(limit), keeps_whole);
    spec.file = Some(Arc::new(OutputFolder::new(Some(folder.at("output")))).file("a::b/c", 1));
    let mut kept = Kept::new(&Arc::new(spec), "stdout");
    pieces.iter().for_each(|piece| kept.push(piece));
    let shown = kept.finish();
    let file = folder.at("output/a.b-c-1.stdout");
    (shown.bytes, shown.whole, fs::read(file).unwrap_or_default())
}

proptest! {
    #[test]
    fn the_head_and_the_tail_are_shown(
        limit in 1_usize..40,
        keeps_whole: bool,
        pieces in prop::collection::vec(prop::collection::vec(prop::sample::select(&b"xy\n\xC3\xBC"[..]), 0..30), 0..8),
    ) {
        let whole = pieces.concat();
        let (shown, in_memory, in_file) = kept(limit, keeps_whole, &pieces);
        if whole.len() <= limit {
            prop_assert_eq!((shown, in_memory, in_file), (whole, None, Vec::new()));
            return Ok(());
        }
        prop_assert_eq!(&in_file, &whole);
        prop_assert_eq!(in_memory, keeps_whole.then(|| whole.clone()));
        let mark = "… ".as_bytes();
        let at = shown.windows(mark.len()).position(|part| part == mark).expect("a line");
        let line = &shown[at + mark.len()..];
        let end = line.iter().position(|byte| *byte == b'\n').expect("its end");
        let (line, tail) = (String::from_utf8_lossy(&line[..end]), &line[end + 1..]);
        let left_out: usize = line.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
        prop_assert!(line.contains(" bytes are left out; the whole is in /"), "{}", line);
        // The line has a line of its own, for which a line break may be added.
        prop_assert!(at == 0 || shown[at - 1] == b'\n');
        let added = (at + left_out + tail.len()) - whole.len();
        prop_assert!(added <= 1);
        let head = &shown[..at - added];
        prop_assert!(whole.starts_with(head) && whole.ends_with(tail));
        prop_assert_eq!(head.len() + left_out + tail.len(), whole.len());
        prop_assert!(head.len() + tail.len() <= limit);
    }
}

#[test]
fn whole_lines_are_shown() {
    let lines = (10..100).map(|line| format!("{line}\n").into_bytes()).collect::<Vec<_>>();
    let (shown, ..) = kept(20, false, &lines);
    let text = String::from_utf8(shown).expect("text");
    assert!(text.starts_with("10\n11\n12\n… 252 bytes are left out; "), "{text}");
    assert!(text.ends_with("stdout\n97\n98\n99\n"), "{text}");
}

#[test]
fn no_part_of_a_secret_is_shown_and_none_is_in_the_file() {
    for keeps_whole in [true, false] {
        let folder = Folder::new();
        let mut spec = CaptureSpec::new(Some(25), keeps_whole);
        spec.secrets.extend(["swordfish"]);
        let output = Arc::new(OutputFolder::new(Some(folder.at("output"))));
        spec.file = Some(output.file("task", 1));
        let mut kept = Kept::new(&Arc::new(spec), "stderr");
        // Without line ends the cuts are anywhere.
        b"swordfish ".repeat(100).chunks(7).for_each(|piece| kept.push(piece));
        let text = kept.finish().text();
        assert!(text.starts_with("swordfish \n… ") && text.ends_with("\n swordfish "), "{text}");
        let file = fs::read_to_string(folder.at("output/task-1.stderr")).expect("a file");
        assert_eq!(file, "*** ".repeat(100));
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    fs::write(folder.at("file"), "").expect("a file");
    let mut spec = CaptureSpec::new(Some(4), false);
    spec.file = Some(Arc::new(OutputFolder::new(Some(folder.at("file/in it")))).file("task", 1));
    let mut kept = Kept::new(&Arc::new(spec), "stdout");
    kept.push(b"123456789");
    let text = kept.finish().text();
    assert!(
        text.starts_with("1\n… 6 bytes are left out; no file could be written: Not a"),
        "{text}"
    );
}

#[test]
fn files_are_for_this_user_and_replace_none() {
    use std::os::unix::fs::PermissionsExt;
    let output = Arc::new(OutputFolder::new(None));
    let places = [1, 2].map(|_| {
        let mut spec = CaptureSpec::new(Some(1), false);
        spec.file = Some(output.file("task", 1));
        let mut kept = Kept::new(&Arc::new(spec), "stdout");
        kept.push(b"123");
        let text = kept.finish().text();
        let (_, place) = text.split_once("the whole is in ").expect("a place");
        std::path::PathBuf::from(place.lines().next().expect("a line"))
    });
    let mode =
        |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode();
    let folder = places[0].parent().expect("a folder");
    assert!(places[0].ends_with("task-1.stdout") && places[1].ends_with("task-1-2.stdout"));
    assert_eq!((mode(folder) & 0o777, mode(&places[0]) & 0o777), (0o700, 0o600));
    fs::remove_dir_all(folder).expect("it is ours");
}

//! Secrets in texts.

use super::{Masking, Secrets};

fn masked<const N: usize>(values: [&str; N], text: &str) -> String {
    let mut secrets = Secrets::default();
    secrets.extend(values);
    secrets.mask(text).into_owned()
}

#[test]
fn overlapping_secrets_are_masked_whole() {
    for values in [["AAAABBBB", "BBBBCCCC"], ["BBBBCCCC", "AAAABBBB"]] {
        assert_eq!(masked(values, "<AAAABBBBCCCC>"), "<***>");
        assert_eq!(masked(values, "AAAABBBB BBBBCCCC"), "*** ***");
        assert_eq!(masked(values, "AAAABBBBBBBBCCCC"), "******");
    }
    assert_eq!(masked(["abab"], "xababababx"), "x***x");
    assert_eq!(masked(["hush", "hush-hush", "us"], "hush-hush hush-hus"), "*** ***-h***");
}

#[test]
fn the_longest_secret_at_a_place_is_masked() {
    let values = ["a", "ab", "abcdef", "abd", "b"];
    assert_eq!(masked(values, "abcdef abcde abd az"), "*** ***cde *** ***z");
    assert_eq!(masked(["é", "éa€"], "éa€éa✓"), "******a✓");
    assert_eq!(masked(["a"], "banana"), "b***n***n***");
}

#[test]
fn a_secret_is_found_as_debug_and_json_write_it() {
    let secret = "pa\"ss\\word99\tü'\u{1}";
    let json = serde_json::Value::from(secret).to_string();
    let debug = format!("{secret:?}");
    for text in [secret.to_owned(), json.clone(), debug.clone(), format!("{debug:?}{json:?}")] {
        let masked_text = masked([secret], &text);
        assert!(!masked_text.contains("word") && !masked_text.contains('ü'), "{masked_text}");
    }
}

#[test]
fn a_secret_is_kept_once() {
    let mut secrets = Secrets::default();
    secrets.extend(["token", "token\n"]);
    let (mut once, twice) = (Secrets::default(), secrets.clone());
    once.extend(["token"]);
    secrets.add(&twice);
    assert_eq!((&secrets, format!("{secrets:?}")), (&once, "Secrets(1)".to_owned()));
}

#[test]
fn hundreds_of_secrets_are_found_in_a_long_text() {
    let values: Vec<String> = (0..500).map(|number| format!("{number:03}-secret")).collect();
    let mut secrets = Secrets::default();
    secrets.extend(values.iter().map(String::as_str));
    let text = format!("{}123-secret", "no secret at 123-secre is here\n".repeat(1 << 15));
    let masked_text = secrets.mask(&text);
    assert_eq!(masked_text.len(), text.len() - "123-secret".len() + 3);
    assert!(masked_text.ends_with("\n***"));
}

#[test]
fn secrets_may_be_large_and_begin_alike() {
    let long = "pass".repeat(1 << 20);
    let masked_text = masked(
        [&long, "passport-number-77", "pass-pass-pass-pass-1"],
        &format!("<{long}> passport-number-7 passport-number-77 pass-pass-pass-pass-2"),
    );
    assert_eq!(masked_text, "<***> passport-number-7 *** pass-pass-pass-pass-2");
}

/// The masked text, byte by byte: the model.
fn model(values: &[String], text: &str) -> String {
    let mut hidden = vec![None; text.len()];
    for at in 0..text.len() {
        let begins = |value: &&String| text.as_bytes()[at..].starts_with(value.as_bytes());
        let Some(length) = values.iter().filter(begins).map(String::len).max() else { continue };
        let first = hidden[at].unwrap_or(at);
        hidden[at..(at + length)].iter_mut().for_each(|place| *place = Some(first));
    }
    let mut masked_text = String::new();
    for (at, letter) in text.char_indices() {
        match hidden[at] {
            None => masked_text.push(letter),
            Some(first) if first == at => masked_text.push_str("***"),
            Some(_) => {}
        }
    }
    masked_text
}

proptest::proptest! {
    #[test]
    fn random_secrets_are_masked_as_in_the_model(
        values in proptest::collection::vec("[abc]{1,5}", 0..8),
        text in "[abcd]{0,40}",
    ) {
        let mut secrets = Secrets::default();
        secrets.extend(values.iter().map(String::as_str));
        proptest::prop_assert_eq!(secrets.mask(&text).into_owned(), model(&values, &text));
    }

    #[test]
    fn a_stream_in_pieces_is_masked_as_a_whole(
        values in proptest::collection::vec("[abc]{1,5}", 0..4),
        pieces in proptest::collection::vec("[abcd]{0,9}", 0..9),
    ) {
        let mut secrets = Secrets::default();
        secrets.extend(values.iter().map(String::as_str));
        let mut masking = Masking::new(&secrets);
        let mut masked = Vec::new();
        pieces.iter().for_each(|piece| masked.extend(masking.push(piece.as_bytes())));
        masked.extend(masking.finish());
        proptest::prop_assert_eq!(masked, model(&values, &pieces.concat()).into_bytes());
    }

    #[test]
    fn no_part_of_a_secret_is_left_at_a_cut(
        value in "[abc]{2,5}",
        text in "[abcd]{0,20}",
        cut in 0_usize..20,
    ) {
        let mut secrets = Secrets::default();
        secrets.extend([value.as_str()]);
        let (head, tail) = text.as_bytes().split_at(cut.min(text.len()));
        let (head, tail) = (secrets.before_cut(head), secrets.after_cut(tail));
        for part in 1..value.len() {
            let (begin, end) = value.as_bytes().split_at(part);
            proptest::prop_assert!(!head.ends_with(begin) || !text.as_bytes()[head.len()..].starts_with(end));
            let before = &text.as_bytes()[..text.len() - tail.len()];
            proptest::prop_assert!(!tail.starts_with(end) || !before.ends_with(begin));
        }
    }
}

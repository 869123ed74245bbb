//! The texts of tags, serial names and names: which a plan takes, and how messages spell them.

use concurra_core::{Runner, Selection};

use crate::{edges, error, placeless};

#[test]
fn labels_that_nothing_could_name_are_problems() {
    let advice = |add: fn(&mut Runner)| {
        let mut runner = Runner::new();
        add(&mut runner);
        placeless(&error(runner))
    };
    for (tag, why) in [
        ("", "it is empty; write a word, or leave it out"),
        (" ", "it is empty; write a word, or leave it out"),
        ("slow ", "remove the blanks at its ends"),
        ("\u{a0}slow", "remove the blanks at its ends"),
        ("a\tb", "remove its control characters"),
        ("a,b", "`, & | ! ( )` are the operators of selections; write it without them"),
        ("!a", "`, & | ! ( )` are the operators of selections; write it without them"),
    ] {
        let mut runner = Runner::new();
        runner.add("work", || ()).tags(["a", tag]);
        let expected = format!("the plan is wrong: `work` (@) has the tag {tag:?}: {why}");
        assert_eq!(placeless(&error(runner)), expected);
    }
    let serial = advice(|runner| {
        runner.add("work", || ()).serial("db ");
    });
    let expected =
        r#"the plan is wrong: `work` (@) has the serial name "db ": remove the blanks at its ends"#;
    assert_eq!(serial, expected);
    let all = advice(|runner| {
        runner.add_all(["a", "b"].map(|name| (name, || ()))).tags(["x,y"]);
    });
    assert_eq!(all.matches("has the tag \"x,y\"").count(), 2, "{all}");
}

#[test]
fn every_other_tag_can_be_selected() {
    for tag in ["a b", "a:b/c", "größe", "-x", "\"", "🦀", "a\\b", "*", "gro\u{308}\u{df}e"] {
        let mut selection = Selection::default();
        selection.tags = vec![tag.to_owned()];
        let mut runner = Runner::new().select(selection);
        runner.add("tagged", || ()).tags([tag]);
        runner.add("other", || ());
        assert_eq!(edges(runner.plan().expect(tag).plan()), "tagged");
    }
}

#[test]
fn names_in_another_form_of_unicode_are_spelled_out() {
    let decomposed = "gro\u{308}\u{df}e";
    let mut runner = Runner::new();
    runner.add("größe", || ());
    runner.add("next", || ()).after([decomposed]);
    let expected = r"the plan is wrong: `next` (@) comes after `gro\u{308}ße`, but no task has that name; did you mean `größe`?";
    assert_eq!(placeless(&error(runner)), expected);
    let mut runner = Runner::new();
    runner.add(decomposed, || ()).tags([decomposed]);
    runner.add("next", || ()).after(["größe"]);
    let expected = r"the plan is wrong: `next` (@) comes after `größe`, but no task has that name; did you mean `gro\u{308}ße`?";
    assert_eq!(placeless(&error(runner)), expected);
}

#[test]
fn several_names_in_one_text_are_noticed() {
    let mut runner = Runner::new();
    runner.add("load", || ());
    runner.add("seed", || ());
    runner.add("next", || ()).after(["load, seed"]);
    let error = error(runner);
    assert!(
        error.ends_with(r#"has that name; write each name by itself, as in `["a", "b"]`"#),
        "{error}"
    );
}

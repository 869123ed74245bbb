//! The page of all options in the documentation, made from the table.

use clap::ArgAction;

use super::*;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/options.md");

/// The variable with which the test writes the page.
const WRITES: &str = "CONCURRA_WRITE_PAGES";

/// What the page has before its tables.
const BEGINNING: &str = "\
# All options

This page lists every option of `mtrun --help`. [mtrun](mtrun.md) explains them. A test compares the page with the
table of options; after a change, `CONCURRA_WRITE_PAGES=1 cargo test -p concurra-cli --lib page` writes it anew.

- A binary with `concurra::main!()` takes the same options, except those under [Cargo](#cargo), as in
  `cargo test --test flow -- --tags db`. `mtrun` takes the options of a binary before or after `--`.
- \"adds\": each further one adds to the others. \"last\": the last one counts, so an alias in a shell can have a default.
  \"once\": a second one is an error, as one of two files, folders or builds would be lost. A flag may be repeated.
- Of `--fail-fast`, `--max-fail` and `--no-fail-fast` the last one counts, and so of `--with-deps` and `--no-deps`.
  `--format` wins over `-q`. `--list`, `--graph` and `--dry-run` exclude each other, and so do `--ignored` and
  `--include-ignored`.
- Beside `--list`, `--graph` and `--dry-run` nothing runs. `--report` and `--log-dir` are errors there. The options of
  [Selection](#selection) and [Cargo](#cargo), `--result`, `--format` (of a list) and `--workers` (of a dry run) have a
  meaning there, and all others have no effect.
- `--bench` and `--test`, which cargo sends, are accepted as in libtest.
";

/// The options of `mtrun --help` with their headings.
fn page() -> String {
    let table = command(Program::Mtrun);
    let mut page = BEGINNING.to_owned();
    let mut heading = None;
    let headings = std::iter::once(None)
        .chain(FAMILIES.iter().chain([&CARGO]).map(|(heading, _)| Some(*heading)));
    for wanted in headings {
        let of_heading = |arg: &&Arg| arg.get_help_heading() == wanted && !arg.is_hide_set();
        for arg in table.get_arguments().filter(of_heading) {
            if heading != Some(wanted) {
                heading = Some(wanted);
                let title = wanted.unwrap_or("Help");
                page +=
                    &format!("\n## {title}\n\n| option | repeated | meaning |\n|---|---|---|\n");
            }
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let cells = [forms(arg), repeated(arg).to_owned(), help.replace('|', "\\|")];
            page += &format!("| {} |\n", cells.join(" | "));
        }
    }
    page
}

/// `` `-w`, `-j`, `--workers N`, `--test-threads N` ``.
fn forms(arg: &Arg) -> String {
    let value = if arg.get_action().takes_values() { value(arg) } else { String::new() };
    let shorts = arg.get_short().into_iter().chain(arg.get_all_short_aliases().unwrap_or_default());
    let shorts = shorts.map(|short| format!("-{short}"));
    let longs = names::longs(arg).map(|long| format!("--{long}"));
    let forms = shorts.chain(longs).map(|form| format!("`{form}{value}`"));
    forms.collect::<Vec<_>>().join(", ")
}

/// The value of an option: its words if it is one of several, else its name.
fn value(arg: &Arg) -> String {
    let words = arg.get_possible_values();
    let words = words.iter().map(|word| word.get_name()).collect::<Vec<_>>().join("\\|");
    let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let value = if words.is_empty() { name.unwrap_or_default() } else { words };
    if arg.is_require_equals_set() { format!("[={value}]") } else { format!(" {value}") }
}

fn repeated(arg: &Arg) -> &'static str {
    match (arg.get_action(), arg.get_long()) {
        (ArgAction::Append, Some(long)) => {
            let line = format!("--{long}=json=a --{long}=json=a --workspace");
            let is_refused = parse_mtrun(os(&line), &around())
                .is_err_and(|error| error.to_string().contains("write it once"));
            if is_refused { "once" } else { "adds" }
        }
        (ArgAction::Set, _) => "last",
        _ => "",
    }
}

#[test]
fn the_page_of_options_is_complete() {
    let page = page();
    if std::env::var_os(WRITES).is_some() {
        std::fs::write(PAGE, &page).expect("a file");
    }
    let written = std::fs::read_to_string(PAGE).expect("a page");
    assert!(
        written == page,
        "docs/options.md is out of date: set {WRITES}=1 and run this test again"
    );
    for option in ["`--no-fail-fast`", "`--format pretty\\|terse\\|json`", "`--state-file FILE`"] {
        assert!(page.contains(option), "{option}");
    }
}

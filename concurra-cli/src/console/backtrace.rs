//! A backtrace without the frames that are the same every time.

/// The frames between the panic's machinery and the scheduler.
pub(super) fn own_frames(trace: &str) -> String {
    let has = |line: &str, parts: &[&str]| parts.iter().any(|part| line.contains(part));
    let is_place = |line: &&&str| line.trim_start().starts_with("at ");
    let lines = trace.lines().collect::<Vec<_>>();
    let machinery =
        lines.iter().rposition(|line| has(line, &["rust_begin_unwind", ": core::panicking::"]));
    let start = machinery
        .map_or(0, |last| last + 1 + lines[last + 1..].iter().take_while(is_place).count());
    let own = &lines[start..];
    let scheduler = ["__INVENTORY", "concurra_core::", "__rust_begin_short_backtrace"];
    let end = own.iter().position(|line| !is_place(&line) && has(line, &scheduler));
    match end.unwrap_or(own.len()) {
        0 => trace.to_owned(),
        end => own[..end].iter().flat_map(|line| [*line, "\n"]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::own_frames;

    #[test]
    fn keeps_the_frames_of_the_body() {
        let trace = "   0: std::backtrace::create\n   1: __rustc::rust_begin_unwind\n             \
                     at /rustc/panicking.rs:689:5\n   2: core::panicking::panic_fmt\n   3: \
                     flow::load\n             at ./tests/flow.rs:3:5\n   4: \
                     flow::_::__INVENTORY::{{closure}}\n   5: concurra_core::failure::guard\n";
        let own = "   3: flow::load\n             at ./tests/flow.rs:3:5\n";
        assert_eq!(own_frames(trace), own);
    }

    #[test]
    fn keeps_everything_where_it_knows_nothing() {
        assert_eq!(own_frames("   0: a\n   1: concurra_core::x\n"), "   0: a\n");
        assert_eq!(own_frames("   0: concurra_core::x\n"), "   0: concurra_core::x\n");
    }
}

//! A backtrace without the frames that are the same every time.

/// The frames between the panic's machinery and the scheduler.
pub(super) fn own_frames(trace: &str) -> String {
    let frames = frames(trace);
    let machinery = |frame: &Frame<'_>| {
        frame.symbol.contains("rust_begin_unwind") || frame.symbol.starts_with("core::panicking::")
    };
    let start = frames.iter().rposition(machinery).map_or(0, |last| last + 1);
    let own = &frames[start..];
    let scheduler = |frame: &Frame<'_>| {
        ["__INVENTORY", "concurra_core::", "__rust_begin_short_backtrace"]
            .iter()
            .any(|part| frame.symbol.contains(part))
    };
    let end = own.iter().position(scheduler).unwrap_or(own.len());
    if end == 0 {
        return trace.to_owned();
    }
    own[..end].iter().flat_map(|frame| &frame.lines).flat_map(|line| [*line, "\n"]).collect()
}

/// A numbered line and the place below it.
struct Frame<'t> {
    symbol: &'t str,
    lines: Vec<&'t str>,
}

fn frames(trace: &str) -> Vec<Frame<'_>> {
    let mut frames: Vec<Frame<'_>> = Vec::new();
    for line in trace.lines() {
        match frames.last_mut() {
            Some(frame) if line.trim_start().starts_with("at ") => frame.lines.push(line),
            _ => {
                let symbol = line.split_once(": ").map_or(line, |(_, symbol)| symbol);
                frames.push(Frame { symbol, lines: vec![line] });
            }
        }
    }
    frames
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

//! Tasks of no work in worker processes.

use std::time::Instant;

use crate::options::Options;
use crate::statistics::{float, median};
use crate::table::{Table, figure};

/// A thousand annotated functions: ten in each of ten modules in each of ten.
macro_rules! thousand {
    ($($hundreds:ident)*) => { $(
        mod $hundreds {
            hundred!(a b c d e f g h i j);
        }
    )* };
}

macro_rules! hundred {
    ($($tens:ident)*) => { $(
        mod $tens {
            ten!(a b c d e f g h i j);
        }
    )* };
}

macro_rules! ten {
    ($($name:ident)*) => { $(
        #[concurra::task]
        fn $name() {}
    )* };
}

thousand!(a b c d e f g h i j);

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let (mut isolated, mut threads) = (Vec::new(), Vec::new());
    let mut tasks = 0;
    for _ in 0..options.rounds.unwrap_or(9) {
        for (isolate, times) in [(true, &mut isolated), (false, &mut threads)] {
            let runner = concurra::registered!().isolate(isolate).workers(options.workers);
            let planned = runner.plan().map_err(|error| error.to_string())?;
            tasks = planned.plan().tasks().len();
            let begun = Instant::now();
            let report = planned.run();
            times.push(begun.elapsed().as_secs_f64());
            assert!(report.is_good(), "{report}");
        }
    }
    let each = |times| figure(median(times).map(|seconds| seconds / float(tasks) * 1e6));
    let mut table = Table::new(["tasks", "workers", "isolated, µs each", "in threads, µs each"]);
    table.row([tasks.to_string(), options.workers.to_string(), each(isolated), each(threads)]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

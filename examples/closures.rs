//! Tasks from closures: when what there is to do is known only at run time.
//!
//! ```text
//! cargo run --example closures
//! cargo run --example closures -- 3 4 x    # a part fails: the sum is skipped, the rest runs
//! ```

use std::error::Error;

use concurra::{Outcome, ResultError, Runner, State};

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers: Vec<String> = std::env::args().skip(1).collect();
    if numbers.is_empty() {
        numbers = ["1", "2", "3"].map(ToOwned::to_owned).to_vec();
    }

    let mut runner = Runner::new().workers(2);
    let parts: Vec<String> = (0..numbers.len()).map(|part| format!("part-{part}")).collect();
    for (name, text) in parts.iter().zip(numbers) {
        // The error of `parse` is what the report shows.
        runner.add(name, move || text.parse::<u32>().map(|number| number * number));
    }
    let squares = parts.clone();
    runner
        .add_with_state("sum", move |state: &State| {
            squares
                .iter()
                .map(|part| state.result::<u32>(part).map(|it| *it))
                .sum::<Result<u32, ResultError>>()
        })
        .after(parts)
        .tags(["result"]);

    let report = runner.run()?;
    println!("{report}");
    if report["sum"].outcome() == Outcome::Passed {
        println!("the sum of squares is {}", report["sum"].result::<u32>()?);
    }
    // An error is told as the program's; what `verify` says is the table above again.
    if report.is_good() { Ok(()) } else { Err("not all parts are numbers".into()) }
}

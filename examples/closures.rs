//! Tasks from closures: when what there is to do is known only at run time.
//!
//! ```text
//! cargo run --example closures
//! cargo run --example closures -- 3 4 x    # a part fails: the sum is skipped, the rest runs
//! ```

use concurra::{ResultError, Runner, State};

fn main() -> anyhow::Result<()> {
    let mut numbers: Vec<String> = std::env::args().skip(1).collect();
    if numbers.is_empty() {
        numbers = ["1", "2", "3"].map(ToOwned::to_owned).to_vec();
    }

    let mut runner = Runner::new().workers(2);
    let parts: Vec<String> = (0..numbers.len()).map(|part| format!("part-{part}")).collect();
    for (name, text) in parts.iter().zip(numbers) {
        // What `parse` says of a wrong number is the reason of the failure.
        runner.add(name, move || text.parse::<u32>().map(|number| number * number));
    }
    let names = parts.clone();
    let sum = move |state: &State| {
        let square = |name: &String| state.result::<u32>(name).map(|square| *square);
        names.iter().map(square).sum::<Result<u32, ResultError>>()
    };
    runner.add_with_state("sum", sum).after(parts).tags(["result"]);

    let report = runner.run()?;
    // The error is the table of the tasks and what failed.
    report.verify()?;
    println!("{report}");
    println!("the sum of squares is {}", report["sum"].result::<u32>()?);
    Ok(())
}

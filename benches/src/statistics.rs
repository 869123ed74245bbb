//! What many samples come to.

/// The median and the quartiles of a measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounds {
    pub(crate) median: f64,
    /// A quarter of the rounds are below the first, and a quarter above the second.
    pub(crate) quartiles: [f64; 2],
}

impl Rounds {
    /// `None` without a round.
    pub(crate) fn of(mut samples: Vec<f64>) -> Option<Self> {
        samples.sort_by(f64::total_cmp);
        let last = samples.len().checked_sub(1)?;
        // Between two samples the quartile lies on the line from one to the other.
        let at = |quarter: usize| {
            let (index, rest) = (last * quarter / 4, last * quarter % 4);
            let next = samples[(index + 1).min(last)];
            samples[index] + (next - samples[index]) * float(rest) / 4.0
        };
        Some(Self { median: at(2), quartiles: [at(1), at(3)] })
    }

    /// The median and the quartiles in another unit.
    pub(crate) fn map(self, each: impl Fn(f64) -> f64) -> Self {
        Self { median: each(self.median), quartiles: self.quartiles.map(each) }
    }

    /// What each round of the first takes more than the same round of the second.
    pub(crate) fn of_differences(more: &[f64], less: &[f64]) -> Option<Self> {
        Self::of(more.iter().zip(less).map(|(more, less)| more - less).collect())
    }

    /// The geometric mean of each figure; `None` when one is missing.
    pub(crate) fn geometric_mean(rounds: &[Option<Self>]) -> Option<Self> {
        let mean = |figure: fn(&Self) -> f64| {
            let figures: Vec<_> = rounds.iter().map(|it| it.as_ref().map(figure)).collect();
            geometric_mean(&figures)
        };
        let quartiles = [mean(|it| it.quartiles[0])?, mean(|it| it.quartiles[1])?];
        Some(Self { median: mean(|it| it.median)?, quartiles })
    }
}

/// The middle one; the mean of the middle two when their number is even.
pub(crate) fn median(samples: Vec<f64>) -> Option<f64> {
    Rounds::of(samples).map(|rounds| rounds.median)
}

/// The mean of ratios and of figures of different size; `None` when one is missing.
pub(crate) fn geometric_mean(figures: &[Option<f64>]) -> Option<f64> {
    let logarithms: Option<Vec<f64>> = figures.iter().map(|figure| figure.map(f64::ln)).collect();
    let logarithms = logarithms.filter(|logarithms| !logarithms.is_empty())?;
    let count = u32::try_from(logarithms.len()).ok().map(f64::from)?;
    Some((logarithms.iter().sum::<f64>() / count).exp())
}

/// A count as a number to divide by.
pub(crate) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

//! What many samples come to.

/// The middle one; the mean of the middle two when their number is even.
pub(crate) fn median(mut samples: Vec<f64>) -> Option<f64> {
    samples.sort_by(f64::total_cmp);
    let middle = samples.len() / 2;
    let upper = *samples.get(middle)?;
    Some(if samples.len().is_multiple_of(2) {
        f64::midpoint(samples[middle - 1], upper)
    } else {
        upper
    })
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

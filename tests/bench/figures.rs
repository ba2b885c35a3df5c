//! Numbers made of numbers: medians, intervals, percentiles, slopes. It knows no units.

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// The same of a length.
pub(crate) fn real_len(count: usize) -> f64 {
    real(u64::try_from(count).unwrap_or(u64::MAX))
}

/// A part of a whole; 0 if there is no whole.
pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A number with its uncertainty: the median over rounds and what nine rounds of ten lie between.
#[derive(Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The estimate from one value per round; nothing from no rounds.
pub(crate) fn estimate(values: impl IntoIterator<Item = f64>) -> Option<Estimate> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * real_len(values.len().checked_sub(1)?);
        let (low, high) = (values.get(index(place.floor()))?, values.get(index(place.ceil()))?);
        Some(low + (high - low) * place.fract())
    };
    Some(Estimate { median: at(0.5)?, low: at(0.05)?, high: at(0.95)? })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a list")]
fn index(place: f64) -> usize {
    place as usize
}

/// The value that `share` of all values do not pass; `sorted` ascends.
pub(crate) fn percentile(sorted: &[u64], share: f64) -> u64 {
    let place = index((share * real_len(sorted.len())).ceil()).saturating_sub(1);
    sorted.get(place).or(sorted.last()).copied().unwrap_or(0)
}

/// The slope of the line through the points by least squares.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    let count = real_len(points.len());
    let mean_x = ratio(points.iter().map(|point| point.0).sum(), count);
    let mean_y = ratio(points.iter().map(|point| point.1).sum(), count);
    let rise: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let run: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    ratio(rise, run)
}

//! Bounds of shares.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::logical_expr::ScalarUDF;

use crate::scalar::scalar;

pub(crate) fn functions() -> Vec<ScalarUDF> {
    let arguments = vec![DataType::Int64, DataType::Int64, DataType::Float64];
    vec![scalar("wilson_lower", arguments, DataType::Float64, |arguments| {
        let hits = arguments[0].as_primitive::<Int64Type>();
        let trials = arguments[1].as_primitive::<Int64Type>();
        let confidence = arguments[2].as_primitive::<Float64Type>();
        let bounds: Float64Array = hits
            .iter()
            .zip(trials)
            .zip(confidence)
            .map(|((hits, trials), confidence)| wilson_lower(hits?, trials?, confidence?))
            .collect();
        Ok(Arc::new(bounds) as ArrayRef)
    })]
}

/// The lower end of the two-sided Wilson score interval of `hits` out of `trials`.
fn wilson_lower(hits: i64, trials: i64, confidence: f64) -> Option<f64> {
    if trials <= 0 || hits < 0 || hits > trials || !(0.0..1.0).contains(&confidence) {
        return None;
    }
    if hits == 0 {
        return Some(0.0);
    }
    let (k, n) = (hits as f64, trials as f64);
    let z = normal_quantile(0.5 + confidence / 2.0);
    let share = k / n;
    let centre = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Some(((centre - spread) / (1.0 + z * z / n)).max(0.0))
}

/// The standard normal quantile for `0.5 <= p < 1` (Wichura, algorithm AS 241, PPND16).
///
/// Beyond eight standard deviations, where the tail branch of the algorithm would begin, the bound
/// no longer depends on the last digit and the middle branch is kept.
fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE_TOP, &CENTRE_BOTTOM);
    }
    let r = (-(1.0 - p).ln()).sqrt() - 1.6;
    ratio(r.min(3.4), &MIDDLE_TOP, &MIDDLE_BOTTOM)
}

fn ratio(r: f64, top: &[f64; 8], bottom: &[f64; 8]) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
    polynomial(top) / polynomial(bottom)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const MIDDLE_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_252_374_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];

#[cfg(test)]
mod tests {
    use super::{normal_quantile, wilson_lower};

    #[test]
    fn quantiles_agree_with_tables() {
        for (p, z) in [
            (0.975, 1.959_963_984_540_054),
            (0.95, 1.644_853_626_951_472_7),
            (0.6, 0.253_347_103_135_799_8),
        ] {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
        }
    }

    #[test]
    fn bound_of_a_small_share() {
        // 3 of 10 at 95 %: 0.1077912674 by the closed formula.
        let bound = wilson_lower(3, 10, 0.95).unwrap_or(f64::NAN);
        assert!((bound - 0.107_791_267_4).abs() < 1e-9, "{bound}");
        assert_eq!(wilson_lower(0, 10, 0.95), Some(0.0));
        assert_eq!(wilson_lower(1, 0, 0.95), None);
    }
}

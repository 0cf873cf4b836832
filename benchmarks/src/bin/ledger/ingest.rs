//! Ingest measured: the whole flow with its curve, or a stretch after a preload.

use anyhow::Result;
use yuanliu_benchmarks::flow::Bodies;

use crate::options::MeasureArgs;
use crate::point::Point;
use crate::report::Report;
use crate::sending::send;
use crate::subject::Subject;

/// The first point of the curve, in codes held.
const FIRST_POINT: u64 = 100_000;

/// Sends the flow from `at` on, to every point of the curve or by as many events as asked for.
pub(crate) async fn measure(
    subject: &Subject<'_>,
    mut bodies: Bodies,
    mut at: Point,
    args: &MeasureArgs,
    report: &mut Report,
) -> Result<(Bodies, Point)> {
    let untils = match at {
        Point::BEGIN => curve(args.flow.items),
        held => vec![held.events_on(args.events)],
    };
    for until in untils {
        let from_codes = at.codes;
        let (rest, sent) = send(subject, bodies, at, until, args).await?;
        (bodies, at) = (rest, sent.at);
        if sent.events > 0 {
            report.sent(subject.name, from_codes, &sent);
        }
    }
    Ok((bodies, at))
}

/// 1, 2 and 5 of every power of ten up to so many codes.
fn curve(items: u64) -> Vec<Point> {
    let powers = std::iter::successors(Some(FIRST_POINT), |power| power.checked_mul(10));
    let points = powers.flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor)));
    let before = points.take_while(|codes| *codes < items);
    before.chain([items]).map(Point::codes).collect()
}

//! However rows arrive, building piece by piece equals building everything once; so do pieces that are computed
//! side by side, or one after the other.

use yuanliu_warehouse::LakeOptions;

use crate::fixture::Fixture;
use crate::incremental::MODELS;
use crate::numbers::Numbers;

const TABLES: [&str; 4] = ["core.event", "core.code", "marts.month", "marts.total"];

async fn contents(fixture: &Fixture) -> Vec<String> {
    let mut contents = Vec::new();
    for table in TABLES {
        let text = fixture.read(&format!("select * from {table}")).await;
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        contents.push(lines.join("\n"));
    }
    contents
}

fn is_send<T: Send>(future: T) -> T {
    future
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn piecewise_equals_whole() {
    let all_at_once = 1_000_000;
    for (seed, rows_max, threads) in
        [(1, all_at_once, 2), (2, all_at_once, 2), (3, 3, 2), (4, 1, 2), (5, 3, 1), (6, 1, 3)]
    {
        println!("seed {seed}, pieces of {rows_max} rows, {threads} threads");
        let mut numbers = Numbers(seed);
        let in_pieces = |options: &mut LakeOptions| {
            options.chunk_rows_max = rows_max;
            options.target_partitions = threads;
        };
        let piecewise = Fixture::with_options(&MODELS, in_pieces);
        let whole = Fixture::new(&MODELS);
        let mut event = 0;
        for landing in 1..=8 {
            let rows = 1 + numbers.below(6);
            let selects: Vec<_> = (0..rows)
                .map(|_| {
                    event += 1;
                    let (code, month, n) =
                        (numbers.below(20), 1 + numbers.below(4), numbers.below(9));
                    format!(
                        "select 'e{event}' as event_id, 'c{code}' as code, \
                         '2026-0{month}' as month, {n} as n"
                    )
                })
                .collect();
            let sql = selects.join(" union all ");
            for fixture in [&piecewise, &whole] {
                fixture.land("raw.scans__event", i64::from(landing), &sql).await;
            }
            if numbers.below(4) == 0 {
                piecewise.lake.compact(&"raw.scans__event".parse().unwrap()).await.unwrap();
                piecewise.lake.compact(&"core.event".parse().unwrap()).await.unwrap();
            }
            if numbers.below(3) > 0 {
                is_send(piecewise.built()).await;
            }
        }
        piecewise.built().await;
        whole.built().await;
        assert_eq!(contents(&piecewise).await, contents(&whole).await, "seed {seed}");
    }
}

//! What a table holds for some keys, compared with a list of everything that was landed.

use std::collections::HashMap;

use crate::fixture::{Fixture, name};
use crate::numbers::Numbers;

const TABLE: &str = "raw.erp__product";

#[tokio::test]
async fn looks_up_current_hashes() {
    let fixture = Fixture::new(&[]);
    let row = |key: &str, hash: &str, op: &str, seq: i64| {
        format!("select '{key}' as _key, '{hash}' as _hash, '{op}' as _op, {seq} as _seq")
    };
    let keys: HashMap<String, Option<i64>> =
        ["a", "b", "c", "new"].map(|key| (key.to_owned(), None)).into();
    let table = name(TABLE);
    let current = || fixture.lake.current_hashes(&table, &keys);
    assert!(current().await.unwrap().is_empty());
    fixture
        .land(
            TABLE,
            1,
            &[row("a", "h1", "upsert", 1), row("b", "h2", "upsert", 2)].join(" union all "),
        )
        .await;
    assert_eq!(sorted(current().await.unwrap()), "a=h1 b=h2");
    fixture.land(TABLE, 2, &row("a", "h3", "upsert", 3)).await;
    fixture.land(TABLE, 3, &row("b", "h2", "delete", 4)).await;
    fixture.land(TABLE, 4, &row("c", "h5", "upsert", 5)).await;
    assert_eq!(sorted(current().await.unwrap()), "a=h3 c=h5");
}

/// The log keeps the first bytes of a key only.
#[tokio::test]
async fn long_keys_are_found() {
    let fixture = Fixture::new(&[]);
    let keys: Vec<String> = ["a", "b", "龙"].map(|end| format!("{}{end}", "x".repeat(90))).into();
    let row = |(at, key): (usize, &String)| {
        format!(
            "select '{key}' as _key, 'h{at}' as _hash, 'upsert' as _op, cast({at} as bigint) as _seq"
        )
    };
    let rows: Vec<_> = keys.iter().enumerate().map(row).collect();
    fixture.land(TABLE, 1, &rows.join(" union all ")).await;
    for (at, key) in keys.iter().enumerate() {
        let asked = [(key.clone(), None)].into();
        let found = fixture.lake.current_hashes(&name(TABLE), &asked).await.unwrap();
        assert_eq!(found.get(key), Some(&format!("h{at}")));
    }
}

/// A row as it is landed or asked for; the same content has the same time of change.
#[derive(Clone)]
struct Version {
    key: String,
    changed: Option<i64>,
    value: u64,
    is_deleted: bool,
}

impl Version {
    /// Times of change rise with `clock`, mostly.
    fn random(numbers: &mut Numbers, clock: i64) -> Self {
        let back = [0, 0, 0, 1, 5, 40][numbers.below(6) as usize];
        let changed = (numbers.below(12) > 0).then_some((clock - back).max(0) * 500);
        let key = format!("k{}", numbers.below(12));
        Self { key, changed, value: numbers.below(2), is_deleted: numbers.below(9) == 0 }
    }

    fn hash(&self) -> String {
        format!("{:?} {}", self.changed, self.value)
    }

    fn select(&self, seq: i64) -> String {
        let changed = self.changed.map_or("null".to_owned(), |micros| micros.to_string());
        let (op, hash) = match self.is_deleted {
            true => ("delete", "null".to_owned()),
            false => ("upsert", format!("'{}'", self.hash())),
        };
        format!(
            "select '{}' as _key, cast({hash} as varchar) as _hash, '{op}' as _op,
                 arrow_cast({changed}, 'Timestamp(Microsecond, Some(\"UTC\"))') as _changed_at,
                 cast({seq} as bigint) as _seq",
            self.key
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_is_unchanged_if_the_newest_landed_one_is_the_same() {
    for seed in 1..=12 {
        println!("seed {seed}");
        let mut numbers = Numbers(seed);
        let fixture = Fixture::new(&[]);
        let mut current: HashMap<String, Version> = HashMap::new();
        let mut seq = 0;
        for landing in 1..=10 {
            let rows: Vec<_> = (0..1 + numbers.below(5))
                .map(|_| Version::random(&mut numbers, landing * 10))
                .collect();
            let selects: Vec<_> = rows
                .iter()
                .map(|row| {
                    seq += 1;
                    row.select(seq)
                })
                .collect();
            fixture.land(TABLE, landing, &selects.join(" union all ")).await;
            current.extend(rows.into_iter().map(|row| (row.key.clone(), row)));
            if numbers.below(4) == 0 {
                fixture.lake.compact(&name(TABLE)).await.unwrap();
            }
            // Rows as they are in the lake, and others.
            let mut asked: HashMap<String, Version> = HashMap::new();
            for _ in 0..1 + numbers.below(6) {
                let row = Version::random(&mut numbers, landing * 10 + 5);
                let known = current.get(&row.key).filter(|_| numbers.below(2) == 0);
                let row = known.cloned().unwrap_or(row);
                asked.insert(row.key.clone(), row);
            }
            let wanted = asked.iter().map(|(key, row)| (key.clone(), row.changed)).collect();
            let found = fixture.lake.current_hashes(&name(TABLE), &wanted).await.unwrap();
            for (key, row) in &asked {
                let same =
                    current.get(key).is_some_and(|now| !now.is_deleted && now.hash() == row.hash());
                let told = found.get(key).is_some_and(|hash| *hash == row.hash());
                assert_eq!(told, same, "landing {landing}, {key} {}", row.hash());
            }
        }
    }
}

fn sorted(map: HashMap<String, String>) -> String {
    let mut pairs: Vec<_> = map.into_iter().map(|(key, hash)| format!("{key}={hash}")).collect();
    pairs.sort();
    pairs.join(" ")
}

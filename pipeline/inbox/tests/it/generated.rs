//! The properties of fuzzing on what proptest makes up and on the inputs that are kept.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use yuanliu_inbox::{InboxError, InboxOptions};

use crate::batches::{open, options};
use crate::disk::Sim;
use crate::properties::{check, forged, stored};

static SEGMENT: LazyLock<Vec<u8>> = LazyLock::new(stored::segment);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/inbox_segment")
}

#[test]
fn kept_inputs_break_no_property() {
    let entries = std::fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path());
    // What a run of the fuzzer leaves beside them has no extension.
    let kept: Vec<_> = entries.filter(|path| path.extension().is_some()).collect();
    assert!(!kept.is_empty());
    for path in kept {
        println!("{}", path.display());
        check(&std::fs::read(path).unwrap());
    }
}

/// Not every Arrow writes the same bytes, and whatever one wrote must stay readable.
#[test]
fn a_segment_of_an_earlier_program_is_read() {
    let kept = std::fs::read(corpus().join("segment.raw")).unwrap();
    let disk = Sim::default();
    disk.put(stored::NAME, kept[1..].to_vec());
    let bounds = InboxOptions { schema: stored::schema(), ..options() };
    let (inbox, recovery) = open(&disk, bounds).unwrap();
    assert_eq!((recovery.frames, recovery.events, recovery.cut_bytes), (3, 4, 0));
    let read: Vec<_> = inbox.read_after(0, 10).unwrap().into_iter().map(|(_, one)| one).collect();
    assert_eq!(read, [stored::batch(1), stored::batch(3), stored::batch(0)]);
}

/// Arrow itself takes what these say for granted, and panics.
#[test]
fn what_cannot_be_is_told_as_damaged() {
    let names = ["beyond_its_body", "column_of_no_type", "last_sequence", "no_columns"];
    for name in names {
        let kept = std::fs::read(corpus().join(name).with_extension("sealed")).unwrap();
        let disk = Sim::default();
        disk.put(stored::NAME, forged::sealed(kept[1..].to_vec()));
        let bounds = InboxOptions { schema: stored::schema(), ..options() };
        let read = open(&disk, bounds).and_then(|(inbox, _)| inbox.read_after(0, 10));
        assert!(matches!(read, Err(InboxError::Damaged { .. })), "{name}: {read:?}");
    }
}

/// The same inputs each time; `PROPTEST_RNG_SEED` asks for others.
fn repeatable(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let seed = match given.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => 20_240_501,
    };
    println!("PROPTEST_RNG_SEED={seed}");
    // What fails goes into the corpus, where the fuzzer finds it too.
    let failure_persistence = None;
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence, ..given }
}

proptest! {
    #![proptest_config(repeatable(1_500))]

    #[test]
    fn an_edited_folder_gives_out_what_was_written_or_nothing(
        choice in any::<u8>(),
        changes in prop::collection::vec(any::<[u8; 6]>(), 0..5),
    ) {
        check(&[&[b'e', choice][..], &changes.concat()].concat());
    }

    #[test]
    fn a_forged_segment_is_sound_or_refused(
        way in prop::sample::select(vec![b'r', b's']),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = [&[way], SEGMENT.as_slice()].concat();
        for (at, value) in places {
            let at = 1 + at.index(bytes.len() - 1);
            bytes[at] = value;
        }
        if let Some(length) = length {
            bytes.truncate(1 + length.index(bytes.len()));
        }
        check(&bytes);
    }
}

//! The properties of fuzzing on what proptest makes up and on the inputs that are kept.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::properties::{check, seeds};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/inbox_segment")
}

#[test]
fn kept_inputs_break_no_property() {
    for entry in std::fs::read_dir(corpus()).unwrap() {
        check(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}

/// Not every Arrow writes the same bytes, and whatever one wrote must stay readable.
#[test]
#[ignore = "writes the seeds of the corpus anew"]
fn seeds_are_written() {
    for (name, bytes) in seeds() {
        std::fs::write(corpus().join(name), bytes).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

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
        let (_, mut bytes) = seeds().remove(0);
        bytes[0] = way;
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

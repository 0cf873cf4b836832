//! Flipped bits, cut files, missing files.

use proptest::prelude::*;
use yuanliu_inbox::{InboxError, InboxOptions};

use crate::batches::{batch, open, options, pending, wait};
use crate::disk::Sim;

/// Frames 1 to `frames`, two to a group, in good order to the end if `is_closed`.
fn filled(frames: i64, is_closed: bool, segment_bytes: u64) -> Sim {
    let disk = Sim::default();
    let options = InboxOptions { segment_bytes, ..options() };
    let (inbox, _) = open(&disk, options).unwrap();
    for first in (1..=frames).step_by(2) {
        wait(inbox.append_many(&[batch(&[first]), batch(&[first + 1])])).unwrap();
    }
    if is_closed { disk } else { disk.sudden_end() }
}

fn first_ids(frames: u64) -> Vec<(u64, Vec<i64>)> {
    (1..=frames).map(|sequence| (sequence, vec![sequence as i64])).collect()
}

#[test]
fn a_tail_torn_at_any_byte_is_cut() {
    let disk = filled(6, false, 1 << 20);
    let options = || InboxOptions { segment_bytes: 1 << 20, ..options() };
    let name = disk.names().remove(0);
    let whole = disk.content(&name);
    let mut counts = Vec::new();
    for length in (0..=whole.len()).rev() {
        disk.set_content(&name, whole[..length].to_vec());
        let (inbox, recovery) = open(&disk, options()).unwrap();
        let kept = recovery.frames;
        assert_eq!(pending(&inbox).unwrap(), first_ids(kept), "{length}");
        if kept > 0 {
            assert_eq!(disk.content(&name).len() as u64 + recovery.cut_bytes, length as u64);
        }
        counts.push(kept);
        let next = wait(inbox.append(batch(&[kept as i64 + 1]))).unwrap();
        assert_eq!(next, kept + 1);
        drop(inbox);
        let (inbox, recovery) = open(&disk, options()).unwrap();
        assert_eq!((recovery.frames, recovery.cut_bytes), (kept + 1, 0));
        assert_eq!(pending(&inbox).unwrap(), first_ids(kept + 1), "{length}");
        drop(inbox);
        if !disk.names().contains(&name) {
            panic!("the segment was removed");
        }
    }
    assert!(counts.is_sorted_by(|one, next| one >= next));
    counts.dedup();
    assert_eq!(counts, [6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn a_flipped_bit_names_the_file_and_the_place() {
    let disk = filled(6, true, 1 << 20);
    let name = disk.names().remove(0);
    let whole = disk.content(&name);
    let mut bytes = whole.clone();
    let at = bytes.len() / 2;
    bytes[at] ^= 4;
    disk.set_content(&name, bytes);
    match open(&disk, options()).map(|_| ()) {
        Err(error @ InboxError::Damaged { offset, .. }) => {
            assert!(offset as usize <= at && at - (offset as usize) < whole.len() / 6, "{offset}");
            let text = error.to_string();
            assert!(text.contains(&name) && text.contains("backup"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    // Nothing was cut or removed on the way.
    assert_eq!(disk.content(&name).len(), whole.len());
    disk.set_content(&name, whole);
    let (inbox, _) = open(&disk, options()).unwrap();
    assert_eq!(pending(&inbox).unwrap(), first_ids(6));

    let mut bytes = disk.content(&name);
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    disk.set_content(&name, bytes);
    assert!(matches!(pending(&inbox), Err(InboxError::Damaged { .. })));
}

#[test]
fn a_missing_segment_is_an_error_and_a_landed_one_is_not() {
    let disk = filled(60, true, 2_048);
    let names = disk.names();
    assert!(names.len() > 4, "{names:?}");
    let landed = |through| InboxOptions { landed_through: Some(through), ..options() };
    disk.rename(&names[2], "elsewhere");
    match open(&disk, options()).map(|_| ()) {
        Err(InboxError::Missing { missing, .. }) => assert_eq!(missing, names[2]),
        other => panic!("{other:?}"),
    }
    disk.rename("elsewhere", &names[2]);
    disk.rename(&names[0], "elsewhere");
    match open(&disk, landed(0)).map(|_| ()) {
        Err(InboxError::Missing { missing, .. }) => {
            assert!(missing.starts_with("the frames 1 to "), "{missing}");
        }
        other => panic!("{other:?}"),
    }
    let (inbox, recovery) = open(&disk, landed(50)).unwrap();
    assert_eq!(recovery.frames, 10);
    assert_eq!(pending(&inbox).unwrap(), first_ids(60).split_off(50));
    drop(inbox);

    // A folder that was lost or is older than the lake does not use numbers again.
    for disk in [&disk, &Sim::default()] {
        let (inbox, recovery) = open(disk, landed(1_000)).unwrap();
        assert_eq!(recovery.frames, 0);
        assert_eq!(wait(inbox.append(batch(&[1]))).unwrap(), 1_001);
        drop(inbox);
        let (inbox, _) = open(disk, options()).unwrap();
        assert_eq!(pending(&inbox).unwrap(), [(1_001, vec![1])]);
    }
}

#[test]
fn names_that_are_none_of_ours_are_left_alone() {
    let disk = filled(2, true, 1 << 20);
    let name = disk.names().remove(0);
    disk.rename(&name, "notes.txt");
    assert_eq!(open(&disk, options()).unwrap().1.frames, 0);
    let wrong = name.replace('1', "7");
    disk.rename("notes.txt", &wrong);
    assert!(matches!(open(&disk, options()), Err(InboxError::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_bit_never_loses_an_acknowledged_frame(
        file in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let disk = filled(20, true, 2_048);
        let names = disk.names();
        let name = &names[file.index(names.len())];
        let mut bytes = disk.content(name);
        let at = byte.index(bytes.len());
        bytes[at] ^= 1 << bit;
        disk.set_content(name, bytes);
        match open(&disk, options()) {
            Ok((inbox, _)) => prop_assert_eq!(pending(&inbox).unwrap(), first_ids(20)),
            Err(InboxError::Damaged { .. }) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}

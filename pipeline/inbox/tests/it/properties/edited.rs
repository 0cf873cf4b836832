//! A folder that an inbox wrote, with changes made to it.

use std::sync::LazyLock;

use yuanliu_inbox::InboxOptions;

use super::assert_told;
use crate::batches::{batch, open, options, pending, wait};
use crate::disk::Sim;

const FRAMES: i64 = 20;
const CHANGE_BYTES: usize = 6;
const CHANGES_MAX: usize = 16;
const SEGMENT_BYTES: u64 = 2_048;

/// One that ended in good order, and one that did not.
static FOLDERS: LazyLock<[Sim; 2]> = LazyLock::new(|| {
    let disk = Sim::default();
    let bounds = InboxOptions { segment_bytes: SEGMENT_BYTES, ..options() };
    let (inbox, _) = open(&disk, bounds).expect("an empty disk opens");
    for first in (1..=FRAMES).step_by(2) {
        let frames = [batch(&[first]), batch(&[first + 1])];
        wait(inbox.append_many(&frames)).expect("nothing fails");
    }
    let sudden = disk.sudden_end();
    drop(inbox);
    [disk, sudden]
});

/// The first byte chooses the folder and what has landed, every six more make one change.
pub(super) fn check(bytes: &[u8]) {
    let Some((choice, changes)) = bytes.split_first() else { return };
    let disk = FOLDERS[usize::from(choice & 1)].sudden_end();
    let landed = u64::from(choice >> 1) % (FRAMES as u64 + 8);
    let landed_through = (landed < FRAMES as u64).then_some(landed);
    for change in changes.chunks_exact(CHANGE_BYTES).take(CHANGES_MAX) {
        apply(&disk, change);
    }
    let bounds = || InboxOptions { landed_through, ..options() };
    let opened = open(&disk, bounds());
    assert_eq!(disk.reads_beyond(), 0, "more is asked of a file than it holds");
    let (inbox, recovery) = match opened {
        Ok(opened) => opened,
        Err(error) => return assert_told(&error),
    };
    let found = pending(&inbox).expect("what opening checked is read");
    assert_eq!(found.len() as u64, recovery.frames);
    let first = found.first().map_or(1, |(sequence, _)| *sequence);
    for ((sequence, ids), due) in found.iter().zip(first..) {
        assert_eq!((*sequence, ids.as_slice()), (due, &[due as i64][..]), "never written so");
    }
    // It goes on from there, and what is appended now is there after the next end.
    let next = wait(inbox.append(batch(&[7]))).expect("the disk has room");
    assert!(found.last().is_none_or(|(last, _)| last + 1 == next));
    drop(inbox);
    let (inbox, recovery) = open(&disk, bounds()).expect("it was opened before");
    assert_eq!((recovery.frames, recovery.cut_bytes), (found.len() as u64 + 1, 0));
    let again = pending(&inbox).expect("it was read before");
    assert_eq!(again[..found.len()], found);
    assert_eq!(again[found.len()..], [(next, vec![7])]);
}

fn apply(disk: &Sim, change: &[u8]) {
    let &[kind, file, low, high, count, value] = change else { return };
    let names = disk.names();
    let Some(name) = names.get(usize::from(file) % names.len().max(1)) else { return };
    let other = &names[usize::from(value) % names.len()];
    let mut bytes = disk.content(name);
    let at = usize::from(u16::from_le_bytes([low, high])) % (bytes.len() + 1);
    let end = bytes.len().min(at + usize::from(count));
    match kind % 8 {
        0 => bytes[at..].iter_mut().take(1).for_each(|byte| *byte ^= value),
        1 => bytes.truncate(at),
        2 => bytes[at..end].fill(value),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.extend(std::iter::repeat_n(value, usize::from(count))),
        5 => bytes = disk.content(other),
        6 => {
            let tail = disk.content(other);
            bytes.truncate(at);
            bytes.extend_from_slice(tail.get(at..).unwrap_or_default());
        }
        _ => return disk.delete(name),
    }
    disk.set_content(name, bytes);
}

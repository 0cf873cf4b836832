//! A disk that refuses.

use std::error::Error;

use yuanliu_inbox::InboxError;

use crate::batches::{batch, open, options, pending, wait};
use crate::disk::{Fault, Operation, Sim};

fn fault(operation: Operation, written: usize) -> Fault {
    Fault { operation, skip: 0, written }
}

#[test]
fn a_full_disk_refuses_and_is_used_again_when_there_is_space() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    wait(inbox.append(batch(&[1]))).unwrap();
    let name = disk.names().remove(0);
    let length = disk.content(&name).len();
    for written in [0, 1, 27, 28, 200] {
        disk.fail(fault(Operation::Write, written));
        let error = wait(inbox.append(batch(&[2, 3]))).unwrap_err();
        assert!(matches!(error, InboxError::Disk { .. }), "{error}");
        assert!(error.source().is_some() && error.to_string().contains(&name), "{error}");
        // A mark may follow when the writer had nothing to do.
        assert!(matches!(disk.content(&name).len().abs_diff(length), 0 | 28));
        assert!(inbox.status().disk_error.is_some());
    }
    assert_eq!(wait(inbox.append(batch(&[4]))).unwrap(), 2);
    assert_eq!(inbox.status().disk_error, None);
    assert_eq!(pending(&inbox).unwrap(), [(1, vec![1]), (2, vec![4])]);
    assert_eq!(disk.names(), [name]);
}

#[test]
fn after_a_failed_sync_the_segment_is_not_written_again() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    wait(inbox.append(batch(&[1]))).unwrap();
    disk.fail(fault(Operation::Sync, 0));
    assert!(wait(inbox.append(batch(&[2]))).is_err());
    let old = disk.names().remove(0);
    let content = disk.content(&old);
    assert_eq!(wait(inbox.append(batch(&[3]))).unwrap(), 2);
    assert_eq!(disk.names().len(), 2);
    assert_eq!(disk.content(&old), content);
    assert_eq!(inbox.status().damage, None);
    drop(inbox);
    let (inbox, _) = open(&disk, options()).unwrap();
    assert_eq!(pending(&inbox).unwrap(), [(1, vec![1]), (2, vec![3])]);
}

#[test]
fn damage_seen_after_a_failed_sync_is_told() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    wait(inbox.append(batch(&[1]))).unwrap();
    let name = disk.names().remove(0);
    let mut bytes = disk.content(&name);
    *bytes.last_mut().unwrap() ^= 1;
    disk.set_content(&name, bytes);
    disk.fail(fault(Operation::Sync, 0));
    assert!(wait(inbox.append(batch(&[2]))).is_err());
    assert!(inbox.status().damage.unwrap().contains(&name));
    wait(inbox.append(batch(&[3]))).unwrap();
}

#[test]
fn a_segment_that_cannot_be_made_is_tried_again() {
    for operation in [Operation::Create, Operation::Write, Operation::Sync, Operation::SyncFolder] {
        for cannot_remove in [false, true] {
            let disk = Sim::default();
            let (inbox, _) = open(&disk, options()).unwrap();
            disk.fail(fault(operation, 13));
            if cannot_remove {
                disk.fail(fault(Operation::Remove, 0));
            }
            assert!(wait(inbox.append(batch(&[1]))).is_err(), "{operation:?}");
            disk.heal();
            assert_eq!(wait(inbox.append(batch(&[2]))).unwrap(), 1, "{operation:?}");
            assert_eq!(pending(&inbox).unwrap(), [(1, vec![2])]);
        }
    }
}

#[test]
fn a_segment_that_cannot_be_removed_goes_with_the_next_release() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    for id in 0..40 {
        wait(inbox.append(batch(&[id]))).unwrap();
    }
    let all = disk.names().len();
    disk.fail(fault(Operation::Remove, 0));
    assert!(matches!(inbox.release_through(39), Err(InboxError::Disk { .. })));
    assert_eq!(disk.names().len(), all);
    assert_eq!(pending(&inbox).unwrap().len(), 1);
    inbox.release_through(39).unwrap();
    assert_eq!(disk.names().len() as u64, inbox.status().segments);
    assert!(disk.names().len() < all);
}

#[test]
fn what_is_left_of_a_segment_that_could_not_be_made_hides_nothing() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    wait(inbox.append(batch(&[1]))).unwrap();
    // The header of a second segment is written, but the disk says that it was not.
    disk.fail(fault(Operation::Write, usize::MAX));
    disk.fail(fault(Operation::Remove, 0));
    let large: Vec<_> = (2..50).map(|id| batch(&[id])).collect();
    assert!(wait(inbox.append_many(&large)).is_err());
    assert_eq!(disk.names().len(), 2);
    // This would fit into the first.
    assert_eq!(wait(inbox.append(batch(&[20]))).unwrap(), 2);
    drop(inbox);
    let (inbox, _) = open(&disk, options()).unwrap();
    assert_eq!(pending(&inbox).unwrap(), [(1, vec![1]), (2, vec![20])]);
}

#[test]
fn a_header_whose_sync_failed_is_stored_before_it_is_used() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    disk.fail(fault(Operation::Sync, 0));
    disk.fail(fault(Operation::Remove, 0));
    assert!(wait(inbox.append(batch(&[1]))).is_err());
    drop(inbox);
    let (inbox, _) = open(&disk, options()).unwrap();
    assert_eq!(wait(inbox.append(batch(&[2]))).unwrap(), 1);
    for seed in 0..8 {
        let left = disk.sudden_end();
        left.lose_power(seed);
        let (inbox, _) = open(&left, options()).unwrap();
        assert_eq!(pending(&inbox).unwrap(), [(1, vec![2])]);
    }
}

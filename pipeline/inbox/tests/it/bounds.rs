//! What does not fit is refused at once.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use yuanliu_inbox::{Inbox, InboxError, InboxOptions};

use crate::batches::{batch, open, options, pending, schema, wait};
use crate::disk::Sim;

fn full(inbox: &Inbox, what: &RecordBatch) -> Option<u64> {
    let mut call = pin!(inbox.append(what.clone()));
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(InboxError::Full { pending_bytes, retry_after })) => {
            assert!(!retry_after.is_zero());
            Some(pending_bytes)
        }
        Poll::Ready(other) => panic!("{other:?}"),
        Poll::Pending => None,
    }
}

#[test]
fn a_queue_that_is_full_refuses_without_waiting() {
    for by_bytes in [false, true] {
        let disk = Sim::default();
        let (queue_calls_max, queue_bytes_max) =
            if by_bytes { (1_000, 2_000) } else { (4, 1 << 20) };
        let bounds = InboxOptions { queue_calls_max, queue_bytes_max, ..options() };
        let (inbox, _) = open(&disk, bounds).unwrap();
        let stuck = disk.gate.lock().unwrap();
        let mut taken = 0;
        // The writer may take some of them before it is stuck.
        while full(&inbox, &batch(&[taken])).is_none() {
            taken += 1;
            assert!(taken < 50, "the queue has no bound");
        }
        assert!(inbox.status().queued_bytes > 0);
        drop(stuck);
        // Those whose callers gave up were queued all the same.
        let mut last = inbox.last_sequence();
        wait(last.wait_for(|last| *last == taken as u64)).unwrap();
        assert_eq!(pending(&inbox).unwrap().len(), taken as usize);
        assert_eq!(inbox.status().queued_bytes, 0);
        wait(inbox.append(batch(&[0]))).unwrap();
    }
}

#[test]
fn what_is_pending_is_bounded_until_it_is_released() {
    let disk = Sim::default();
    let bounds = InboxOptions { pending_bytes_max: 5_000, ..options() };
    let (inbox, _) = open(&disk, bounds.clone()).unwrap();
    let mut kept = 0;
    while let Ok(sequence) = wait(inbox.append(batch(&[7]))) {
        kept = sequence;
        assert!(inbox.status().pending_bytes <= 5_000);
    }
    assert!(full(&inbox, &batch(&[7])).is_some_and(|bytes| bytes > 4_000));
    inbox.release_through(kept / 2).unwrap();
    wait(inbox.append(batch(&[7]))).unwrap();
    drop(inbox);

    // The bound holds after opening too.
    let (inbox, _) = open(&disk, InboxOptions { pending_bytes_max: 700, ..bounds }).unwrap();
    assert!(full(&inbox, &batch(&[7])).is_some());
    inbox.release_through(inbox.status().last_sequence).unwrap();
    wait(inbox.append(batch(&[7]))).unwrap();
    let large: Vec<i64> = (0..1_000).collect();
    let error = wait(inbox.append(batch(&large))).unwrap_err();
    assert!(matches!(error, InboxError::TooLarge { bytes_max: 700, .. }), "{error}");
}

/// Columns without a value have no bytes, so the bound on bytes alone would let any count pass.
#[test]
fn a_batch_of_too_many_rows_is_refused() {
    let (inbox, _) = open(&Sim::default(), options()).unwrap();
    let rows = (1 << 20) + 1;
    let ids = Int64Array::from(vec![7; rows]);
    let nothing: ArrayRef = Arc::new(StringArray::new_null(rows));
    let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::clone(&nothing), nothing];
    let whole = RecordBatch::try_new(schema(), columns).unwrap();
    let error = wait(inbox.append(whole.clone())).unwrap_err();
    assert!(matches!(error, InboxError::TooManyRows { rows_max, .. } if rows_max == rows - 1));
    assert!(error.to_string().contains("split it"), "{error}");
    assert_eq!(wait(inbox.append(whole.slice(0, rows - 1))).unwrap(), 1);
    assert_eq!(inbox.read_after(0, 1).unwrap()[0].1.num_rows(), rows - 1);
}

#[test]
fn reads_are_bounded_but_never_stuck() {
    let disk = Sim::default();
    let (inbox, _) = open(&disk, options()).unwrap();
    let frames = [vec![1], vec![2, 3, 4], vec![5], vec![6, 7]];
    let batches: Vec<_> = frames.iter().map(|ids| batch(ids)).collect();
    assert_eq!(wait(inbox.append_many(&batches)).unwrap(), 1..=4);
    assert!(wait(inbox.append_many(&[])).unwrap().is_empty());
    let read = |after, rows_max| {
        let read = inbox.read_after(after, rows_max).unwrap();
        read.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>()
    };
    assert_eq!(read(0, 0), [1]);
    assert_eq!(read(0, 3), [1]);
    assert_eq!(read(0, 4), [1, 2]);
    assert_eq!(read(1, 2), [2]);
    assert_eq!(read(2, 100), [3, 4]);
    assert_eq!(read(4, 100), [0; 0]);
    assert_eq!(read(u64::MAX, 100), [0; 0]);
    inbox.release_through(2).unwrap();
    assert_eq!(read(0, 100), [3, 4]);
    assert_eq!(inbox.status().pending_events, 3);
    let error = inbox.release_through(5).unwrap_err();
    assert!(matches!(error, InboxError::Unknown { sequence: 5, last: 4 }), "{error}");
}

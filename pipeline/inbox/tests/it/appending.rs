//! The real disk, and many callers.

use tokio::task::JoinSet;
use yuanliu_inbox::{Inbox, InboxError, InboxOptions};

use crate::batches::{batch, ids, pending, schema};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_share_a_sync_and_each_gets_its_own_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let options = InboxOptions::new(folder.path().join("a/b"), schema());
    let (inbox, recovery) = Inbox::open(options.clone()).unwrap();
    assert_eq!(recovery.frames, 0);
    let mut callers = JoinSet::new();
    for caller in 0..32_i64 {
        let inbox = inbox.clone();
        callers.spawn(async move {
            let mut given = Vec::new();
            for n in 0..10 {
                let id = caller * 100 + n;
                given.push((inbox.append(batch(&[id])).await.unwrap(), vec![id]));
            }
            assert!(given.is_sorted());
            given
        });
    }
    let mut given: Vec<_> = callers.join_all().await.into_iter().flatten().collect();
    given.sort();
    assert_eq!(pending(&inbox).unwrap(), given);
    assert_eq!(given.last().unwrap().0, 320);
    let status = inbox.status();
    assert!(status.syncs < 320, "{status:?}");
    assert_eq!(*inbox.last_sequence().borrow(), 320);

    match Inbox::open(options.clone()) {
        Err(InboxError::Locked { holder, .. }) => assert!(holder.contains("process")),
        other => panic!("{other:?}"),
    }
    drop(inbox);
    let (inbox, recovery) = Inbox::open(options).unwrap();
    assert_eq!((recovery.frames, recovery.events, recovery.cut_bytes), (320, 320, 0));
    assert_eq!(pending(&inbox).unwrap(), given);
}

#[tokio::test]
async fn a_reader_is_told_when_there_is_something() {
    let folder = tempfile::tempdir().unwrap();
    let (inbox, _) = Inbox::open(InboxOptions::new(folder.path(), schema())).unwrap();
    let mut last = inbox.last_sequence();
    let reader = inbox.clone();
    let reading = tokio::spawn(async move {
        let mut read = 0;
        while read < 20 {
            last.wait_for(|last| *last > read).await.unwrap();
            for (sequence, batch) in reader.read_after(read, 5).unwrap() {
                assert_eq!(ids(&batch), [sequence as i64]);
                read = sequence;
                reader.release_through(read).unwrap();
            }
        }
    });
    for id in 1..=20 {
        inbox.append(batch(&[id])).await.unwrap();
    }
    reading.await.unwrap();
    assert_eq!(inbox.status().pending_frames, 0);
}

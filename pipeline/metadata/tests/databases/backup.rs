//! Backup and restore: across databases, all or nothing, no secret by accident.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use yuanliu_metadata::{
    BackupError, BackupFolder, Manifest, Metadata, NewOutboxEntry, NewReject, RejectFilter,
    RestoreFolder, RunCounts, inspect,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::world::{World, at, on_both};

on_both!(
    everything_goes_to_the_other_database_and_back,
    every_table_is_in_an_archive_or_left_out_on_purpose,
    what_is_there_is_not_overwritten_unasked,
    a_restore_that_fails_changes_nothing,
    a_backup_is_of_one_instant,
    secrets_stay_where_they_are,
);

async fn fill(store: &Metadata) {
    store.begin_run("r1", "sync", "erp", "order", at(0)).await.unwrap();
    let counts = RunCounts { read: 3, loaded: 2, unchanged: 0, rejected: 1 };
    store
        .end_run("r1", "yellow", counts, Some("一行被拒\n第二行 \"x\" \\u0000"), at(1))
        .await
        .unwrap();
    let reject = |hash: &str| NewReject {
        reason: "bad_number".into(),
        message: "m".into(),
        payload: "{\"qty\":\"12,5\"}".into(),
        payload_hash: hash.into(),
        position: "p".into(),
    };
    store.keep_rejects("r1", "erp", "order", &[reject("1"), reject("2")], at(1)).await.unwrap();
    let document = NewOutboxEntry {
        system: "erp".into(),
        kind: "delivery_result".into(),
        key: "A".into(),
        body: "{\"n\":1.10}".into(),
        content_hash: "h".into(),
    };
    store.add_to_outbox(&[document], at(2)).await.unwrap();
    store.note_shape("erp", "order", "{}", at(3)).await.unwrap();
    crate::access::fill(store).await;
    crate::jobs::fill(store).await;
    crate::alerts::fill(store).await;
    crate::decisions::fill(store).await;
}

/// Every row of an archive but leases, which a restore gives back.
fn rows(archive: &Path) -> BTreeMap<String, Vec<serde_json::Value>> {
    let manifest = inspect(archive).unwrap();
    let mut zip = ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let table = |table: &yuanliu_metadata::KeptTable| {
        let mut text = String::new();
        let name = format!("metadata/{}.jsonl", table.name);
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        let rows: Vec<_> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len() as u64, table.rows);
        (table.name.clone(), rows)
    };
    manifest.tables.iter().filter(|table| table.name != "lease").map(table).collect()
}

async fn back_up(store: &Metadata, archive: &Path) -> Manifest {
    store.backup(&[], archive, at(100)).await.unwrap()
}

async fn everything_goes_to_the_other_database_and_back(world: Arc<World>) {
    let store = world.open().await;
    fill(&store).await;
    let archive = |name: &str| world.folder.path().join(name);
    let manifest = back_up(&store, &archive("1.zip")).await;
    assert_eq!(manifest.created_at, at(100));
    assert!(manifest.tables.iter().all(|table| table.rows > 0), "{:?}", manifest.tables);
    let other = if world.is_postgresql() { World::sqlite() } else { World::postgresql() };
    let moved = other.open().await;
    let restored = moved.restore(&archive("1.zip"), &[], false).await.unwrap();
    assert_eq!(restored.manifest, manifest);
    back_up(&moved, &archive("2.zip")).await;
    assert_eq!(rows(&archive("1.zip")), rows(&archive("2.zip")));
    // Back where it came from, over what is there.
    store.restore(&archive("2.zip"), &[], true).await.unwrap();
    back_up(&store, &archive("3.zip")).await;
    assert_eq!(rows(&archive("1.zip")), rows(&archive("3.zip")));
    for (store, world) in [(&store, &*world), (&moved, &other)] {
        // Numbers go on, fences go on, nobody is logged in, and what is only added still is.
        let before = store.rejects(&RejectFilter::default(), 10).await.unwrap();
        let row = NewReject {
            reason: "late".into(),
            message: "m".into(),
            payload: "{}".into(),
            payload_hash: "3".into(),
            position: "p".into(),
        };
        store.keep_rejects("r2", "erp", "order", &[row], at(9)).await.unwrap();
        let after = store.rejects(&RejectFilter::default(), 10).await.unwrap();
        assert_eq!(after.len(), before.len() + 1);
        let lease = yuanliu_schedule::Leases::acquire(
            store,
            "sync",
            "two",
            at(0),
            std::time::Duration::from_secs(60),
        );
        assert!(lease.await.unwrap().unwrap().fence >= 2);
        let session = yuanliu_access::SessionStore::session(store, "1").await.unwrap();
        assert_eq!(session, None);
        assert!(world.run("delete from audit_entry").await.is_err());
    }
}

async fn every_table_is_in_an_archive_or_left_out_on_purpose(world: Arc<World>) {
    let store = world.open().await;
    let archive = world.folder.path().join("a.zip");
    let manifest = back_up(&store, &archive).await;
    let mut known: Vec<_> = manifest.tables.iter().map(|table| table.name.clone()).collect();
    known
        .extend(["session", "oidc_flow", "_sqlx_migrations", "sqlite_sequence"].map(str::to_owned));
    let found: Vec<(String,)> = if world.is_postgresql() {
        let pool = sqlx::PgPool::connect(world.url()).await.unwrap();
        let sql =
            "select table_name::text from information_schema.tables where table_schema = 'public'";
        sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
    } else {
        let pool = sqlx::SqlitePool::connect(world.url()).await.unwrap();
        let sql = "select name from sqlite_master where type = 'table'";
        sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
    };
    assert!(found.len() >= manifest.tables.len());
    let unknown: Vec<_> = found.iter().filter(|(name,)| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Files of a folder with their content.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                let within = entry.path().strip_prefix(folder).unwrap().to_owned();
                found.insert(within, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    found
}

fn configuration(folder: &Path) -> BackupFolder {
    BackupFolder { name: "configuration".into(), path: folder.to_owned(), with_secrets: false }
}

fn target(folder: &Path) -> RestoreFolder {
    RestoreFolder { name: "configuration".into(), path: folder.to_owned() }
}

async fn what_is_there_is_not_overwritten_unasked(world: Arc<World>) {
    let store = world.open().await;
    let config = world.folder.path().join("config");
    write(&config.join("hub.toml"), "[hub]\n");
    let archive = world.folder.path().join("a.zip");
    store.backup(&[configuration(&config)], &archive, at(0)).await.unwrap();
    let error = store.restore(&archive, &[target(&config)], false).await.unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty(_)), "{error}");
    assert!(error.to_string().contains("config"), "{error}");
    store.begin_run("r", "sync", "erp", "order", at(0)).await.unwrap();
    let elsewhere = world.folder.path().join("elsewhere");
    let error = store.restore(&archive, &[target(&elsewhere)], false).await.unwrap_err();
    assert!(error.to_string().contains("metadata store"), "{error}");
    assert!(!elsewhere.exists());
    assert_eq!(store.runs(9).await.unwrap().len(), 1);
    // A folder the archive lacks, a name that is a path.
    let lacking = RestoreFolder { name: "inbox".into(), path: elsewhere };
    assert!(store.restore(&archive, &[lacking], true).await.is_err());
    let odd = BackupFolder { name: "../up".into(), path: config, with_secrets: false };
    let error = store.backup(&[odd], &archive, at(0)).await.unwrap_err();
    assert!(matches!(error, BackupError::FolderName(_)), "{error}");
    assert_eq!(store.runs(9).await.unwrap().len(), 1);
}

/// The archive with one row of a table twice, all hashes right.
fn with_a_row_twice(archive: &Path, to: &Path) {
    let mut manifest = inspect(archive).unwrap();
    let mut zip = ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let mut new = ZipWriter::new(fs::File::create(to).unwrap());
    for part in &mut manifest.parts {
        let mut bytes = Vec::new();
        zip.by_name(&part.path).unwrap().read_to_end(&mut bytes).unwrap();
        if part.path == "metadata/configuration_change.jsonl" {
            bytes.extend(bytes.clone());
            part.bytes = bytes.len() as u64;
            part.sha256 = hex::encode(Sha256::digest(&bytes));
        }
        new.start_file(&part.path, SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    for table in manifest.tables.iter_mut().filter(|table| table.name == "configuration_change") {
        table.rows *= 2;
    }
    new.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
    new.write_all(serde_json::to_string(&manifest).unwrap().as_bytes()).unwrap();
    new.finish().unwrap();
}

async fn a_restore_that_fails_changes_nothing(world: Arc<World>) {
    let store = world.open().await;
    fill(&store).await;
    let config = world.folder.path().join("config");
    write(&config.join("hub.toml"), "[hub]\n");
    let archive = world.folder.path().join("a.zip");
    store.backup(&[configuration(&config)], &archive, at(0)).await.unwrap();
    write(&config.join("hub.toml"), "[hub]\n# changed since\n");
    store.begin_run("r2", "sync", "erp", "order", at(5)).await.unwrap();
    let before = (files(&config), back_up(&store, &world.folder.path().join("before.zip")).await);
    let bad = world.folder.path().join("bad.zip");
    let unchanged = async |name: &str| {
        let after = back_up(&store, &world.folder.path().join("after.zip")).await;
        assert_eq!(after.parts, before.1.parts, "{name}");
        assert_eq!(files(&config), before.0, "{name}");
        let left: Vec<_> = fs::read_dir(world.folder.path()).unwrap().flatten().collect();
        let left = left.iter().filter(|e| e.file_name().to_string_lossy().contains(".restoring"));
        assert_eq!(left.count(), 0, "{name}");
    };
    with_a_row_twice(&archive, &bad);
    let error = store.restore(&bad, &[target(&config)], true).await.unwrap_err();
    assert!(error.to_string().contains("configuration_change"), "{error}");
    unchanged("a row twice").await;
    // Bytes that were damaged are found before anything is touched.
    let whole = fs::read(&archive).unwrap();
    for n in 1..12 {
        let mut bytes = whole.clone();
        let place = bytes.len() * n / 12;
        bytes[place] ^= 0x55;
        fs::write(&bad, &bytes).unwrap();
        if inspect(&bad).is_err() {
            let error = store.restore(&bad, &[target(&config)], true).await.unwrap_err();
            assert!(error.to_string().contains("bad.zip"), "{error}");
        }
    }
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    assert!(store.restore(&bad, &[target(&config)], true).await.is_err());
    fs::write(&bad, "no archive").unwrap();
    assert!(store.restore(&bad, &[target(&config)], true).await.is_err());
    unchanged("damaged").await;
    store.restore(&archive, &[target(&config)], true).await.unwrap();
    assert_eq!(files(&config)[Path::new("hub.toml")], "[hub]\n");
    assert_eq!(store.runs(9).await.unwrap().len(), 1);
}

async fn a_backup_is_of_one_instant(world: Arc<World>) {
    let store = world.open().await;
    let writer = store.clone();
    // A run and its reject come together; a backup must never have a run of later without the reject of before.
    let writing = tokio::spawn(async move {
        for n in 0..60 {
            let reject = NewReject {
                reason: "late".into(),
                message: "m".into(),
                payload: format!("{n}"),
                payload_hash: format!("{n}"),
                position: "p".into(),
            };
            let run = format!("r{n:03}");
            // Tables are read in the order run, reject: without one instant rejects would run ahead.
            writer.begin_run(&run, "sync", "erp", "order", at(n)).await.unwrap();
            writer.keep_rejects(&run, "erp", "order", &[reject], at(n)).await.unwrap();
        }
    });
    let mut seen = Vec::new();
    while !writing.is_finished() || seen.is_empty() {
        let archive = world.folder.path().join(format!("{}.zip", seen.len()));
        let manifest = back_up(&store, &archive).await;
        let count = |name: &str| manifest.tables.iter().find(|t| t.name == name).unwrap().rows;
        let (runs, rejects) = (count("run"), count("reject"));
        assert!(runs == rejects || runs == rejects + 1, "{runs} runs, {rejects} rejects");
        seen.push(runs);
    }
    writing.await.unwrap();
    assert!(seen.is_sorted());
}

async fn secrets_stay_where_they_are(world: Arc<World>) {
    let store = world.open().await;
    let config = world.folder.path().join("config");
    write(&config.join("hub.toml"), "[serve]\ndevice_tokens = \"file:device_tokens\"\n");
    write(&config.join("device_tokens"), "line-3 s3cret\n");
    write(
        &config.join("systems/erp.toml"),
        "[connection]\npassword = 'file:./secrets/../secrets/erp'\n",
    );
    write(&config.join("secrets/erp"), "s3cret");
    // A file with a mistake in it is a file all the same.
    write(&config.join("systems/broken.toml"), "password = \"file:secrets/broken\"\n[[[\n");
    write(&config.join("secrets/broken"), "s3cret");
    write(&config.join("sql/staging/erp/dealer.sql"), "select 1");
    std::os::unix::fs::symlink("/etc/passwd", config.join("link")).unwrap();
    let archive = world.folder.path().join("a.zip");
    let manifest = store.backup(&[configuration(&config)], &archive, at(0)).await.unwrap();
    let left: Vec<_> =
        manifest.left_out.iter().map(|l| (l.path.as_str(), l.why.as_str())).collect();
    assert_eq!(
        left,
        [
            ("link", "link"),
            ("device_tokens", "secret"),
            ("secrets/broken", "secret"),
            ("secrets/erp", "secret")
        ]
    );
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&archive).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "nobody else reads hashes of passwords");
    let mut zip = ZipArchive::new(fs::File::open(&archive).unwrap()).unwrap();
    for n in 0..zip.len() {
        let mut bytes = Vec::new();
        zip.by_index(n).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("s3cret"));
    }
    // Over the old folder the secrets stay; elsewhere they are for a person to bring along.
    fs::remove_file(config.join("link")).unwrap();
    let whole = files(&config);
    store.restore(&archive, &[target(&config)], true).await.unwrap();
    assert_eq!(files(&config), whole);
    let elsewhere = world.folder.path().join("elsewhere");
    store.restore(&archive, &[target(&elsewhere)], true).await.unwrap();
    assert_eq!(files(&elsewhere).len(), whole.len() - 3);
    let with = BackupFolder { with_secrets: true, ..configuration(&config) };
    let manifest = store.backup(&[with], &archive, at(0)).await.unwrap();
    assert!(manifest.left_out.is_empty());
    let restored = store.restore(&archive, &[], true).await.unwrap();
    assert_eq!(restored.not_restored, ["configuration"]);
}

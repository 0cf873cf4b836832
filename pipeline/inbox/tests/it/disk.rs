//! A disk in memory that can refuse, forget what was not synced, and lose power.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use yuanliu_inbox::{Disk, DiskFile};

const SECTOR_BYTES: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Remove,
    Write,
    SetLength,
    Sync,
    SyncFolder,
}

/// One operation that will fail: the one after `skip` others of its kind.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) operation: Operation,
    pub(crate) skip: usize,
    /// How many bytes a write puts down before it fails.
    pub(crate) written: usize,
}

#[derive(Debug, Clone)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

#[derive(Debug, Clone, Default)]
struct Content {
    live: Vec<u8>,
    stored: Vec<u8>,
    dirty: Vec<Change>,
}

#[derive(Debug, Clone, Default)]
struct State {
    names: BTreeMap<String, usize>,
    stored_names: BTreeMap<String, usize>,
    contents: Vec<Content>,
    faults: Vec<Fault>,
    /// After so many operations a copy is taken, which is what a sudden end leaves.
    copy_after: Option<usize>,
    copy: Option<Box<State>>,
    random: u64,
    reads_beyond: usize,
}

/// Clones share the disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sim {
    state: Arc<Mutex<State>>,
    /// Syncs wait while a test holds it.
    pub(crate) gate: Arc<Mutex<()>>,
}

impl Sim {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    pub(crate) fn fail(&self, fault: Fault) {
        self.with(|state| state.faults.push(fault));
    }

    pub(crate) fn heal(&self) {
        self.with(|state| state.faults.clear());
    }

    /// Ends suddenly after so many operations from now; see [`Sim::sudden_end`].
    pub(crate) fn end_after(&self, operations: usize) {
        self.with(|state| (state.copy_after, state.copy) = (Some(operations), None));
    }

    /// The disk as it was at the sudden end, if that came; else as it is now.
    pub(crate) fn sudden_end(&self) -> Self {
        self.with(|state| {
            state.copy_after = None;
            let copy = state.copy.take().map_or_else(|| state.clone(), |copy| *copy);
            let copy = State { faults: Vec::new(), copy_after: None, copy: None, ..copy };
            Self { state: Arc::new(Mutex::new(copy)), gate: Arc::default() }
        })
    }

    /// What a power cut leaves: of what was not synced, any sectors and any names.
    pub(crate) fn lose_power(&self, seed: u64) {
        self.with(|state| {
            state.random = seed;
            let names: Vec<String> =
                state.names.keys().chain(state.stored_names.keys()).cloned().collect();
            for name in names {
                if state.chance() {
                    state.store_name(&name);
                }
            }
            state.names = state.stored_names.clone();
            for at in 0..state.contents.len() {
                state.store_some(at);
                state.contents[at].live = state.contents[at].stored.clone();
            }
        });
    }

    pub(crate) fn content(&self, name: &str) -> Vec<u8> {
        self.with(|state| state.contents[state.names[name]].live.clone())
    }

    pub(crate) fn set_content(&self, name: &str, bytes: Vec<u8>) {
        self.with(|state| {
            let at = state.names[name];
            state.contents[at] = Content { stored: bytes.clone(), live: bytes, dirty: Vec::new() };
        });
    }

    /// Adds a file that nobody wrote.
    pub(crate) fn put(&self, name: &str, bytes: Vec<u8>) {
        self.with(|state| {
            state.names.insert(name.to_owned(), state.contents.len());
            state.stored_names = state.names.clone();
            state.contents.push(Content::default());
        });
        self.set_content(name, bytes);
    }

    pub(crate) fn delete(&self, name: &str) {
        self.with(|state| {
            state.names.remove(name);
            state.stored_names = state.names.clone();
        });
    }

    /// How often more was asked of a file than it held.
    pub(crate) fn reads_beyond(&self) -> usize {
        self.with(|state| state.reads_beyond)
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        self.with(|state| {
            let at = state.names.remove(from).unwrap();
            state.names.insert(to.to_owned(), at);
            state.stored_names = state.names.clone();
        });
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.with(|state| state.names.keys().cloned().collect())
    }
}

impl State {
    /// The bytes the operation gets done although it fails, if it fails.
    fn begin(&mut self, operation: Operation) -> Option<usize> {
        let at = self.faults.iter().position(|fault| fault.operation == operation)?;
        if self.faults[at].skip > 0 {
            self.faults[at].skip -= 1;
            return None;
        }
        Some(self.faults.remove(at).written)
    }

    fn end(&mut self) {
        match &mut self.copy_after {
            Some(0) => {
                self.copy_after = None;
                self.copy = Some(Box::new(self.clone()));
            }
            Some(operations) => *operations -= 1,
            None => {}
        }
    }

    fn chance(&mut self) -> bool {
        // SplitMix64.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }

    fn store_name(&mut self, name: &str) {
        match self.names.get(name) {
            Some(at) => self.stored_names.insert(name.to_owned(), *at),
            None => self.stored_names.remove(name),
        };
    }

    /// Stores any part of what is dirty, and forgets the rest.
    fn store_some(&mut self, at: usize) {
        for change in std::mem::take(&mut self.contents[at].dirty) {
            match change {
                Change::Length(length) => {
                    if self.chance() {
                        self.contents[at].stored.resize(length, 0);
                    }
                }
                Change::Bytes(offset, bytes) => {
                    let mut from = 0;
                    while from < bytes.len() {
                        let sector_end = ((offset + from) / SECTOR_BYTES + 1) * SECTOR_BYTES;
                        let to = bytes.len().min(sector_end - offset);
                        if self.chance() {
                            put(&mut self.contents[at].stored, offset + from, &bytes[from..to]);
                        }
                        from = to;
                    }
                }
            }
        }
    }
}

impl Content {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        put(&mut self.live, offset, bytes);
        self.dirty.push(Change::Bytes(offset, bytes.to_vec()));
    }
}

fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if content.len() < offset + bytes.len() {
        content.resize(offset + bytes.len(), 0);
    }
    content[offset..offset + bytes.len()].copy_from_slice(bytes);
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

fn broken() -> io::Error {
    io::Error::other("input/output error")
}

impl Disk for Sim {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.names())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let at = self.with(|state| {
            let failed = state.begin(Operation::Create);
            if state.names.contains_key(name) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            if failed.is_some() {
                return Err(full());
            }
            state.contents.push(Content::default());
            let at = state.contents.len() - 1;
            state.names.insert(name.to_owned(), at);
            state.end();
            Ok(at)
        })?;
        Ok(Box::new(SimFile { disk: self.clone(), at }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let at = self.with(|state| state.names.get(name).copied());
        let at = at.ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(SimFile { disk: self.clone(), at }))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.with(|state| {
            if state.begin(Operation::Remove).is_some() {
                return Err(broken());
            }
            state.names.remove(name).ok_or(io::ErrorKind::NotFound)?;
            state.end();
            Ok(())
        })
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.with(|state| {
            if state.begin(Operation::SyncFolder).is_some() {
                return Err(broken());
            }
            state.stored_names = state.names.clone();
            state.end();
            Ok(())
        })
    }
}

#[derive(Debug)]
struct SimFile {
    disk: Sim,
    at: usize,
}

impl DiskFile for SimFile {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.disk.with(|state| state.contents[self.at].live.len() as u64))
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.disk.with(|state| {
            let offset = offset as usize;
            let part = state.contents[self.at].live.get(offset..offset + buffer.len());
            state.reads_beyond += usize::from(part.is_none());
            buffer.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.with(|state| {
            let failed = state.begin(Operation::Write);
            let done = &bytes[..failed.unwrap_or(bytes.len()).min(bytes.len())];
            // Half of it first: a sudden end may come in the middle of a write.
            state.contents[self.at].write(offset as usize, &done[..done.len() / 2]);
            state.end();
            state.contents[self.at].write(offset as usize, done);
            state.end();
            if failed.is_some() { Err(full()) } else { Ok(()) }
        })
    }

    fn set_length(&mut self, length: u64) -> io::Result<()> {
        self.disk.with(|state| {
            if state.begin(Operation::SetLength).is_some() {
                return Err(broken());
            }
            let content = &mut state.contents[self.at];
            content.live.resize(length as usize, 0);
            content.dirty.push(Change::Length(length as usize));
            state.end();
            Ok(())
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        let _open = self.disk.gate.lock().unwrap();
        self.disk.with(|state| {
            if state.begin(Operation::Sync).is_some() {
                // As Linux does: what could not be stored counts as clean from now on.
                state.store_some(self.at);
                return Err(broken());
            }
            let content = &mut state.contents[self.at];
            for change in std::mem::take(&mut content.dirty) {
                match change {
                    Change::Bytes(offset, bytes) => put(&mut content.stored, offset, &bytes),
                    Change::Length(length) => content.stored.resize(length, 0),
                }
            }
            state.end();
            Ok(())
        })
    }
}

//! Entries of one space in memory, to be sorted.

/// About what an entry takes besides its bytes.
const SLOT_BYTES: usize = size_of::<Slot>();

/// Entries in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct Sorting {
    bytes: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The first bytes of the key: most comparisons need no more.
    head: u64,
    start: usize,
    key_length: u32,
    value_length: u32,
}

impl Sorting {
    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) {
        self.slots.push(Slot {
            head: head(key),
            start: self.bytes.len(),
            key_length: key.len() as u32,
            value_length: value.len() as u32,
        });
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes.len() + self.slots.len() * SLOT_BYTES
    }

    /// The entries by key; equal keys are neighbours.
    pub(super) fn sorted(&mut self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let bytes = &self.bytes;
        let key = |slot: &Slot| bytes.get(slot.start..slot.start + slot.key_length as usize);
        self.slots.sort_unstable_by(|a, b| a.head.cmp(&b.head).then_with(|| key(a).cmp(&key(b))));
        self.slots.iter().filter_map(|slot| {
            let entry = self.bytes.get(slot.start..)?;
            let (key, rest) = entry.split_at_checked(slot.key_length as usize)?;
            Some((key, rest.get(..slot.value_length as usize)?))
        })
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.slots.clear();
    }
}

fn head(key: &[u8]) -> u64 {
    let mut head = [0; 8];
    for (byte, of_key) in head.iter_mut().zip(key) {
        *byte = *of_key;
    }
    u64::from_be_bytes(head)
}

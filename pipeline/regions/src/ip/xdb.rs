//! Reads the ip2region format, versions 2 and 3.
//!
//! A header of 256 bytes; a table by the first two bytes of an address with the positions of its
//! segments; segments of first address, last address, length and position of a text, in order.

use std::cmp::Ordering;
use std::net::IpAddr;

const HEADER: usize = 256;
const VECTOR: usize = 256 * 256 * 8;

/// Bytes of a segment besides its two addresses.
const SEGMENT_REST: usize = 6;

#[derive(Debug)]
pub(crate) struct Xdb {
    bytes: Vec<u8>,
    /// 4 or 16.
    address_bytes: usize,
}

impl Xdb {
    /// Checks the header; the error says what is wrong.
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() < HEADER + VECTOR {
            return Err(format!("{} bytes are too few for a header and a table", bytes.len()));
        }
        let version = u16_at(&bytes, 0).unwrap_or(0);
        let address_bytes = match (version, u16_at(&bytes, 16)) {
            (2, _) | (3, Some(4)) => 4,
            (3, Some(6)) => 16,
            (3, kind) => return Err(format!("addresses of kind {kind:?} are not known")),
            _ => return Err(format!("version {version} is neither 2 nor 3")),
        };
        let [first, last] = [8, 12].map(|at| u32_at(&bytes, at).unwrap_or(0));
        let segment = address_bytes * 2 + SEGMENT_REST;
        if first > last || last + segment > bytes.len() {
            return Err(format!("the segments {first} to {last} are not in the file"));
        }
        Ok(Self { bytes, address_bytes })
    }

    /// The text of the segment that holds an address.
    pub(crate) fn find(&self, address: IpAddr) -> Option<&str> {
        match address.to_canonical() {
            IpAddr::V4(address) if self.address_bytes == 4 => self.search(&address.octets()),
            IpAddr::V6(address) if self.address_bytes == 16 => self.search(&address.octets()),
            _ => None,
        }
    }

    fn search(&self, address: &[u8]) -> Option<&str> {
        let [high, low, ..] = address else { return None };
        let at = HEADER + (usize::from(*high) * 256 + usize::from(*low)) * 8;
        let (first, last) = (u32_at(&self.bytes, at)?, u32_at(&self.bytes, at + 4)?);
        let segment = self.address_bytes * 2 + SEGMENT_REST;
        // The second position is that of the last segment in some files, its end in others.
        let (mut from, mut to) = (0, last.checked_sub(first)? / segment + 1);
        while from < to {
            let middle = from + (to - from) / 2;
            let at = first + middle * segment;
            let rest = at + 2 * self.address_bytes;
            if self.compare(address, at)? == Ordering::Less {
                to = middle;
            } else if self.compare(address, at + self.address_bytes)? == Ordering::Greater {
                from = middle + 1;
            } else {
                let length = usize::from(u16_at(&self.bytes, rest)?);
                let text = u32_at(&self.bytes, rest + 2)?;
                return std::str::from_utf8(self.bytes.get(text..text + length)?).ok();
            }
        }
        None
    }

    /// An address against the one stored at a position: IPv4 with its lowest byte first.
    fn compare(&self, address: &[u8], at: usize) -> Option<Ordering> {
        let stored = self.bytes.get(at..at + self.address_bytes)?;
        Some(if self.address_bytes == 4 {
            address.iter().cmp(stored.iter().rev())
        } else {
            address.iter().cmp(stored)
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

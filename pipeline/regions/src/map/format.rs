//! The compact form of a map: varints of differences.
//!
//! `YLMAP1`, the number of shapes, then for each its code, its number of rings, and for each ring its
//! number of points and the points, each as the difference from the one before.

use super::shape::{Ring, Shape};
use crate::error::MapError;

const MAGIC: &[u8] = b"YLMAP1";

/// Writes shapes in the form that [`super::RegionMap::load`] reads from a `.map` file.
pub fn encode(shapes: &[Shape]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    put(&mut out, shapes.len() as u64);
    for shape in shapes {
        put(&mut out, u64::from(shape.code));
        put(&mut out, shape.rings().len() as u64);
        for ring in shape.rings() {
            put(&mut out, ring.len() as u64);
            let mut before = [0, 0];
            for point in ring {
                for axis in 0..2 {
                    let step = i64::from(point[axis]) - i64::from(before[axis]);
                    put(&mut out, ((step << 1) ^ (step >> 63)) as u64);
                }
                before = *point;
            }
        }
    }
    out
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode(file: &str, bytes: &[u8]) -> Result<Vec<Shape>, MapError> {
    let mut input = Input { rest: bytes };
    input.shapes().ok_or_else(|| MapError::Format {
        file: file.to_owned(),
        byte: bytes.len() - input.rest.len(),
    })
}

struct Input<'a> {
    rest: &'a [u8],
}

impl Input<'_> {
    fn shapes(&mut self) -> Option<Vec<Shape>> {
        self.rest = self.rest.strip_prefix(MAGIC)?;
        let count = self.count()?;
        let shapes = (0..count).map(|_| self.shape()).collect::<Option<Vec<_>>>()?;
        self.rest.is_empty().then_some(shapes)
    }

    fn shape(&mut self) -> Option<Shape> {
        let code = u32::try_from(self.number()?).ok()?;
        let rings = (0..self.count()?).map(|_| self.ring()).collect::<Option<Vec<_>>>()?;
        Shape::new(code, rings)
    }

    fn ring(&mut self) -> Option<Ring> {
        let mut before = [0_i32, 0];
        (0..self.count()?)
            .map(|_| {
                for value in &mut before {
                    let step = self.number()?;
                    let step = (step >> 1) as i64 ^ -((step & 1) as i64);
                    *value = i32::try_from(i64::from(*value).checked_add(step)?).ok()?;
                }
                Some(before)
            })
            .collect()
    }

    /// A number of things that take at least a byte each.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

//! What a unit contains or contained.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::ancestry::{DEPTH_MAX, overlap};
use super::reader::Reader;
use crate::error::IndexError;
use crate::event::Bytes;
use crate::store::{CodeKey, Role, code_range, contained};

/// Codes ever packed into one container that are looked at.
const CHILDREN_MAX: usize = 20_000;
/// Units below one container that are looked at.
pub(super) const BELOW_MAX: usize = 50_000;

/// A unit inside another, at some depth and for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Below {
    pub(super) code: Arc<str>,
    pub(super) parent: Arc<str>,
    pub(super) depth: u8,
}

/// What a container contains at an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Descendants {
    /// The unit, the container it is directly in, and how deep it is: 1 for what is directly in the
    /// container that was asked for. Containers come before what is in them.
    pub units: Vec<(Arc<str>, Arc<str>, u8)>,
    /// There were more than one answer takes.
    pub is_truncated: bool,
}

impl Reader<'_> {
    /// What the unit a normalised code means contains at an instant, up to four deep.
    pub fn descendants(&mut self, code: &str, at_us: i64) -> Result<Descendants, IndexError> {
        contained(self.index.folder(), || {
            let code = self.resolved(code)?;
            let mut found = Descendants::default();
            let window = (at_us, at_us.checked_add(1));
            found.is_truncated = self.below(&code, window, BELOW_MAX, &mut |one| {
                found.units.push((one.code, one.parent, one.depth));
                ControlFlow::Continue(())
            })?;
            Ok(found)
        })
    }

    /// Shows what was inside a unit within a window of time, outer units first, as often as it was;
    /// answers whether there was more than `units_max`.
    pub(super) fn below(
        &mut self,
        code: &Arc<str>,
        window: (i64, Option<i64>),
        units_max: usize,
        show: &mut dyn FnMut(Below) -> ControlFlow<()>,
    ) -> Result<bool, IndexError> {
        let mut chain = vec![Arc::clone(code)];
        let mut left = units_max;
        let mut is_truncated = false;
        let _ = self.descend(&mut chain, window, &mut left, &mut is_truncated, show)?;
        Ok(is_truncated)
    }

    fn descend(
        &mut self,
        chain: &mut Vec<Arc<str>>,
        window: (i64, Option<i64>),
        left: &mut usize,
        is_truncated: &mut bool,
        show: &mut dyn FnMut(Below) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, IndexError> {
        let Some(parent) = chain.last().cloned() else {
            return Ok(ControlFlow::Continue(()));
        };
        let (children, has_more) = self.packed_into(&parent)?;
        *is_truncated |= has_more;
        for child in children {
            let Some(rest) = left.checked_sub(1) else {
                *is_truncated = true;
                return Ok(ControlFlow::Break(()));
            };
            *left = rest;
            let unit = self.unit(&child)?;
            // In a circle a unit is inside nothing of its own, but others are, through it.
            let is_own = chain.contains(&unit.code);
            for stay in unit.stays.iter().filter(|stay| stay.parent == parent) {
                let Some(inner) = overlap(window, (stay.from_us, stay.to_us)) else {
                    continue;
                };
                let depth = chain.len() as u8;
                let one =
                    Below { code: Arc::clone(&unit.code), parent: Arc::clone(&parent), depth };
                if !is_own && show(one).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                if depth < DEPTH_MAX {
                    chain.push(Arc::clone(&unit.code));
                    let flow = self.descend(chain, inner, left, is_truncated, show)?;
                    chain.pop();
                    if flow.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The units any pack puts into a container, whether or not it counts; and whether there are
    /// more.
    fn packed_into(&mut self, code: &str) -> Result<(BTreeSet<Arc<str>>, bool), IndexError> {
        let container = self.unit(code)?;
        let mut children = BTreeSet::new();
        if !container.is_container {
            return Ok((children, false));
        }
        for carrier in &container.carriers {
            let range = code_range(carrier, Role::Parent, Role::Parent);
            let entries = self.entries_of(carrier, &range.start);
            for (read, entry) in entries.enumerate() {
                if read >= CHILDREN_MAX || children.len() >= CHILDREN_MAX {
                    return Ok((children, true));
                }
                let (key, value) = entry.map_err(self.index.failed("read"))?;
                if *key >= *range.end {
                    break;
                }
                let key = CodeKey::read(&key).ok_or_else(|| self.unreadable())?;
                if key.code != &**carrier || !key.event.is_seen(self.as_of_us) {
                    continue;
                }
                let mut bytes = Bytes::new(&value);
                for _ in 0..bytes.length().ok_or_else(|| self.unreadable())? {
                    let child = bytes.text().ok_or_else(|| self.unreadable())?;
                    children.insert(self.resolved(child)?);
                }
            }
        }
        Ok((children, false))
    }
}

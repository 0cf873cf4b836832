//! All codes, in order.

use crate::error::IndexError;
use crate::index::TraceIndex;
use crate::store::{CodeKey, Merged, Role, code_range, contained};

/// After so many entries of one code it is cheaper to look for the next code.
const STEPS_MAX: usize = 32;

impl TraceIndex {
    /// The next codes after `after` in the order of their bytes, at most `limit`: every code that was
    /// scanned or named as a container, other carriers of a unit under their own name too. The
    /// empty code comes before all others; the last code of an answer is the `after` of the next.
    pub fn codes_after(&self, after: &str, limit: usize) -> Result<Vec<String>, IndexError> {
        contained(self.folder(), || {
            let mut codes: Vec<String> = Vec::new();
            let mut from = next_to(after);
            while codes.len() < limit && self.collect(&mut from, limit, &mut codes)? {}
            Ok(codes)
        })
    }

    /// Goes on from a key until it has to look for the next code; answers whether there is more.
    fn collect(
        &self,
        from: &mut Vec<u8>,
        limit: usize,
        codes: &mut Vec<String>,
    ) -> Result<bool, IndexError> {
        let (snapshot, spaces) = self.spaces().snapshot();
        let mut steps = 0;
        for entry in Merged::from(&snapshot, spaces.all(), from) {
            let (key, _) = entry.map_err(self.failed("read"))?;
            let key = CodeKey::read(&key).ok_or_else(|| self.damaged("a code is unreadable"))?;
            let is_same = codes.last().is_some_and(|last| last == key.code);
            steps = if is_same { steps + 1 } else { 0 };
            if steps > STEPS_MAX {
                *from = next_to(key.code);
                return Ok(true);
            }
            // One that is only claimed as another carrier was never seen.
            if is_same || key.role == Role::Alias {
                continue;
            }
            if codes.len() == limit {
                return Ok(false);
            }
            codes.push(key.code.to_owned());
        }
        Ok(false)
    }
}

/// Behind every entry of a code.
fn next_to(code: &str) -> Vec<u8> {
    code_range(code, Role::Own, Role::Parent).end
}

//! An input of which the last bytes can be read again.

use std::io::{self, BufRead};

use crate::source::Input;

/// Reads what was given back first, then the input.
pub(crate) struct Rewind {
    input: Input,
    given_back: Vec<u8>,
    /// How much of `given_back` was read again.
    at: usize,
}

impl Rewind {
    pub(crate) fn new(input: Input) -> Self {
        Self { input, given_back: Vec::new(), at: 0 }
    }

    /// Some bytes, none only at the end.
    pub(crate) fn available(&mut self) -> io::Result<&[u8]> {
        match self.given_back.get(self.at..).filter(|rest| !rest.is_empty()) {
            Some(rest) => Ok(rest),
            None => self.input.fill_buf(),
        }
    }

    /// Takes so many of the available bytes.
    pub(crate) fn consume(&mut self, used: usize) {
        if self.at < self.given_back.len() {
            self.at += used;
            return;
        }
        self.given_back.clear();
        self.at = 0;
        self.input.consume(used);
    }

    /// Makes `last`, which were the last bytes taken, the next to be read.
    pub(crate) fn give_back(&mut self, last: Vec<u8>) {
        // Bytes of the input are only taken when nothing given back is left, and that is dropped
        // then: either all of `last` is still here, or none of it.
        match self.at.checked_sub(last.len()) {
            Some(at) if self.at > 0 => self.at = at,
            _ => (self.given_back, self.at) = (last, 0),
        }
    }
}

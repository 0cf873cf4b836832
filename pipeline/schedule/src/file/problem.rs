//! What is wrong with `jobs.toml`, where, and what to do about it.

use std::ops::Range;

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The line, from 1.
    pub line: usize,
    /// The key or section: `[[job]] build: after`.
    pub key: String,
    /// What is wrong and what would be right, English.
    pub message: String,
    /// The same, Chinese.
    pub message_zh: String,
}

/// The problems of one text as they are found.
pub(super) struct Problems<'a> {
    text: &'a str,
    found: Vec<FileProblem>,
}

impl<'a> Problems<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, found: Vec::new() }
    }

    pub(super) fn add(
        &mut self,
        at: Range<usize>,
        key: impl Into<String>,
        message: impl Into<String>,
        message_zh: impl Into<String>,
    ) {
        let before = self.text.as_bytes().get(..at.start).unwrap_or(self.text.as_bytes());
        self.found.push(FileProblem {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            key: key.into(),
            message: message.into(),
            message_zh: message_zh.into(),
        });
    }

    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// All of them, in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<FileProblem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }
}

//! Reading scan events, as text in and text out.

mod classify;
mod content;
mod files;
mod records;
mod support;

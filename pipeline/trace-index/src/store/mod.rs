//! The store on disk: its spaces, its keys, and the marker that says which format it has.

mod codes;
mod key;
mod marker;
mod panics;
mod spaces;
mod waiting;

pub(crate) use codes::{CodeSpaces, Merged};
pub(crate) use key::{
    CODE_BYTES_MAX, CodeKey, EventKey, Role, code_range, set_code_key, time_bytes,
};
pub(crate) use marker::{Marker, STORE_FOLDER};
pub(crate) use panics::contained;
pub(crate) use spaces::{Space, Spaces};
pub(crate) use waiting::{WAIT_MAX_S, wait_until};

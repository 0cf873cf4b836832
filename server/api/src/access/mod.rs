//! Who asks, and what they may do.

mod permission;
mod principal;

pub use self::permission::{Permission, may_read_report};
pub use self::principal::{Locale, Principal, Role};

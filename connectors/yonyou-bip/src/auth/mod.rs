//! Where a tenant lives and how an app proves who it is.

mod gateway;
mod login;
mod signature;
mod token;

pub(crate) use gateway::Gateway;
pub(crate) use login::{APPS, Login, TOKEN_PATHS};
pub(crate) use signature::percent_encode;
pub(crate) use token::Token;

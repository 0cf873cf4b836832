//! Who is calling: login variants, sessions, per-request signatures.

mod credentials;
mod login;
mod session;
pub(crate) mod signature;

pub use credentials::Credentials;
pub(crate) use login::{LoginOutcome, accepted, asp_session, login, refused};
pub(crate) use session::Sessions;
pub use signature::mint_app_id;

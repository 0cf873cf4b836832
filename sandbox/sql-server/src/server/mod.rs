//! Starting, reaching into and stopping the server.

mod handle;
mod listen;
mod state;
mod transaction;
mod world;

pub use handle::{SqlServerHandle, SqlServerSandbox};
pub use listen::StartError;
pub use state::SeenLogin;
pub(crate) use state::Server;
pub use transaction::Transaction;
pub(crate) use world::World;

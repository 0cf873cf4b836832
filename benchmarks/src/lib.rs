//! What the measuring programs share: a hub of their own, processes with their costs, a table of figures.

pub mod flow;
pub mod home;
pub mod http;
pub mod measure;
pub mod process;
pub mod served;
pub mod table;

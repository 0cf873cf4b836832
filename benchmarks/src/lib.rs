//! What the measuring programs share: a hub of their own, processes with their costs, a table of figures.

pub mod home;
pub mod measure;
pub mod table;

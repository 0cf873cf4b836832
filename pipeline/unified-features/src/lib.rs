//! Keeps the features of third-party crates equal whichever crate is built alone.
//!
//! Cargo chooses features by what is built together. Without this crate, `cargo test -p` of two
//! crates compiles DataFusion twice. It holds no code; the crates that use DataFusion name it.

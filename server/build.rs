//! The models are built into the binary, so the binary is built anew when one of them changes.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=../warehouse-sql");
}

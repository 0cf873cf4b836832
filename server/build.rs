//! The models and the web are built into the binary, so the binary is built anew when one of them changes.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=../warehouse-sql");
    println!("cargo::rerun-if-changed=../web/dist");
    // Without a built web the hub serves its API alone.
    std::fs::create_dir_all("../web/dist")
}

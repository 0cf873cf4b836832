//! Turns county polygons in GeoJSON into the compact map that this crate embeds.
//!
//! `cargo run --release -p yuanliu-regions --example polygons -- IN.json OUT.map`

use std::error::Error;
use std::io::Write;

use yuanliu_regions::map;

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = files.as_slice() else {
        return Err("give a GeoJSON file and the map to write".into());
    };
    let shapes = map::shapes(from, &std::fs::read(from)?)?;
    let bytes = map::encode(&shapes);
    std::fs::write(to, &bytes)?;
    let points: usize = shapes.iter().flat_map(map::Shape::rings).map(Vec::len).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} regions, {points} points, {} bytes", shapes.len(), bytes.len())?;
    Ok(())
}

//! The web's files, built into the binary.

use std::collections::HashMap;
use std::sync::LazyLock;

use bytes::Bytes;
use include_dir::{Dir, include_dir};
use xxhash_rust::xxh3::xxh3_64;
use yuanliu_api::{Asset, Assets};

static BUILT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../web/dist");

/// Every file by its path, hashed once.
static FILES: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let mut files = HashMap::new();
    read(&BUILT, &mut files);
    files
});

/// The files of `web/dist` as they were when the binary was built.
pub(super) struct Web;

impl Assets for Web {
    fn file(&self, path: &str) -> Option<Asset> {
        FILES.get(path).cloned()
    }
}

fn read(folder: &'static Dir<'static>, files: &mut HashMap<String, Asset>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let bytes = Bytes::from_static(file.contents());
        let asset = Asset {
            etag: format!("{:016x}", xxh3_64(&bytes)),
            media_type: media_type(&path).to_owned(),
            // The bundler puts a hash into the names of what it makes.
            is_immutable: path.starts_with("assets/"),
            bytes,
        };
        files.insert(path, asset);
    }
    for inner in folder.dirs() {
        read(inner, files);
    }
}

fn media_type(path: &str) -> &'static str {
    let path = path.strip_suffix(".gz").or(path.strip_suffix(".br")).unwrap_or(path);
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "topojson" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_compressed_file_is_of_what_it_holds() {
        assert_eq!(media_type("assets/index-1.js.gz"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("x"), "application/octet-stream");
    }
}

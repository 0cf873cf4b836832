//! Deletion vectors: which rows of a data file are rows of the table no more.
//!
//! Where few rows of a large file change, a commit names them here and the file stays. A commit's vectors lie in
//! one file beside the data files. The format is that of the Delta protocol, "Deletion Vector Format": a byte for the
//! version, then for each vector its size (big endian), its content, and the content's CRC-32 (big endian); the content is a number that tells
//! its kind (little endian) and a 64-bit Roaring bitmap in the portable serialization.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use deltalake::kernel::{DeletionVectorDescriptor, StorageType};
use roaring::RoaringTreemap;
use uuid::Uuid;

use super::LakeError;
use super::files::DataFile;
use super::writer::sync;

/// Places of rows in a data file, the first being 0.
pub(crate) type RowNumbers = RoaringTreemap;

const VERSION: u8 = 1;

/// Announces a bitmap in the portable serialization.
const PORTABLE: u32 = 1_681_511_377;

const SIZE_BYTES: usize = 4;
const KIND_BYTES: usize = 4;
const CHECKSUM_BYTES: usize = 4;

/// Writes vectors to a new file in a table's folder, waits until it is on the disk, and answers how a commit names each.
pub(super) fn write(
    folder: &Path,
    vectors: &[RowNumbers],
) -> Result<Vec<DeletionVectorDescriptor>, LakeError> {
    let id = Uuid::new_v4();
    let path = path_of(folder, id);
    let failed = |source| LakeError::file("write", &path)(source);
    let mut bytes = vec![VERSION];
    let mut descriptors = Vec::with_capacity(vectors.len());
    for vector in vectors {
        let mut content = PORTABLE.to_le_bytes().to_vec();
        vector.serialize_into(&mut content).map_err(failed)?;
        let number = |number: usize| i32::try_from(number).map_err(std::io::Error::other);
        let size = number(content.len()).map_err(failed)?;
        descriptors.push(DeletionVectorDescriptor {
            storage_type: StorageType::UuidRelativePath,
            path_or_inline_dv: z85::encode(id.as_bytes()),
            offset: Some(number(bytes.len()).map_err(failed)?),
            size_in_bytes: size,
            cardinality: i64::try_from(vector.len()).unwrap_or(i64::MAX),
        });
        bytes.extend_from_slice(&size.to_be_bytes());
        bytes.extend_from_slice(&content);
        bytes.extend_from_slice(&crc32fast::hash(&content).to_be_bytes());
    }
    File::create_new(&path).and_then(|mut file| file.write_all(&bytes)).map_err(failed)?;
    sync(&path)?;
    Ok(descriptors)
}

/// The rows of a file that are rows of the table no more, none if all are.
pub(crate) fn deleted_rows(
    folder: &Path,
    file: &DataFile,
) -> Result<Option<RowNumbers>, LakeError> {
    file.deleted.as_ref().map(|deleted| read(folder, deleted)).transpose()
}

/// Reads a vector that a commit names.
pub(crate) fn read(
    folder: &Path,
    descriptor: &DeletionVectorDescriptor,
) -> Result<RowNumbers, LakeError> {
    let path = place(folder, descriptor).ok_or_else(|| LakeError::DeletionVector {
        path: folder.to_owned(),
        reason: "it is kept in a way that the hub does not write",
    })?;
    let damaged = |reason| LakeError::DeletionVector { path: path.clone(), reason };
    let size = usize::try_from(descriptor.size_in_bytes).unwrap_or_default();
    let begin = u64::try_from(descriptor.offset.unwrap_or(1)).unwrap_or_default();
    let mut bytes = vec![0; SIZE_BYTES + size + CHECKSUM_BYTES];
    let mut file = File::open(&path).map_err(LakeError::file("read", &path))?;
    file.seek(SeekFrom::Start(begin))
        .and_then(|_| file.read_exact(&mut bytes))
        .map_err(LakeError::file("read", &path))?;
    let (length, rest) = bytes.split_at(SIZE_BYTES);
    let (content, checksum) = rest.split_at(size);
    if length != descriptor.size_in_bytes.to_be_bytes() {
        return Err(damaged("its size is another than its commit says"));
    }
    if checksum != crc32fast::hash(content).to_be_bytes() {
        return Err(damaged("its checksum does not fit its content"));
    }
    match content.split_at_checked(KIND_BYTES) {
        Some((kind, bitmap)) if kind == PORTABLE.to_le_bytes() => {
            RoaringTreemap::deserialize_from(bitmap).map_err(|_| damaged("it is no bitmap"))
        }
        _ => Err(damaged("it is of an unknown kind")),
    }
}

/// Whether the file of a vector is still there.
pub(crate) fn is_there(folder: &Path, descriptor: &DeletionVectorDescriptor) -> bool {
    place(folder, descriptor).is_some_and(|path| path.exists())
}

fn place(folder: &Path, descriptor: &DeletionVectorDescriptor) -> Option<PathBuf> {
    if descriptor.storage_type != StorageType::UuidRelativePath {
        return None;
    }
    let id = z85::decode(&descriptor.path_or_inline_dv).ok()?;
    Some(path_of(folder, Uuid::from_slice(&id).ok()?))
}

fn path_of(folder: &Path, id: Uuid) -> PathBuf {
    folder.join(format!("deletion_vector_{id}.bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_one_file_are_read_one_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let vectors = [
            RowNumbers::from_iter([0, 7, 65_536, 1 << 33]),
            RowNumbers::new(),
            RowNumbers::from_iter(100..90_000),
        ];
        let descriptors = write(dir.path(), &vectors).unwrap();
        let read: Vec<_> = descriptors.iter().map(|one| read(dir.path(), one).unwrap()).collect();
        assert_eq!(read, vectors);
        assert_eq!(
            descriptors.iter().map(|one| one.cardinality).collect::<Vec<_>>(),
            [4, 0, 89_900]
        );
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let descriptors = write(dir.path(), &[RowNumbers::from_iter([1, 5])]).unwrap();
        let path = place(dir.path(), &descriptors[0]).unwrap();
        let sound = std::fs::read(&path).unwrap();
        for at in 1..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            let error = read(dir.path(), &descriptors[0]).unwrap_err().to_string();
            assert!(error.contains("deletion_vector_"), "{error}");
        }
        std::fs::write(&path, &sound[..sound.len() - 1]).unwrap();
        assert!(matches!(read(dir.path(), &descriptors[0]), Err(LakeError::File { .. })));
        std::fs::remove_file(&path).unwrap();
        assert!(!is_there(dir.path(), &descriptors[0]));
    }
}

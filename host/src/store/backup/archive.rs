//! The archive: the manifest, then the database, each with its digest checked on the way in.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tar::{Archive, Builder, Header};

use super::manifest::FORMAT;
use super::{Manifest, ManifestFile, RestoreError};

/// The manifest's name in the archive.
const MANIFEST: &str = "manifest.json";
/// The database's name in the archive.
pub(super) const DATABASE: &str = "cofferdam.db";
/// More is no manifest.
const MANIFEST_BYTES: u64 = 1 << 20;
/// What tar writes in.
const BLOCK: u64 = 512;

/// The manifest as the archive has it.
pub(super) fn manifest_text(manifest: &Manifest) -> Vec<u8> {
    serde_json::to_vec_pretty(manifest).expect("a manifest has text keys")
}

/// How many bytes the whole archive has.
pub(super) fn archive_bytes(manifest: usize, database: u64) -> u64 {
    let file = |bytes: u64| BLOCK + bytes.div_ceil(BLOCK) * BLOCK;
    file(manifest as u64) + file(database) + 2 * BLOCK
}

/// Writes the whole archive.
pub(super) fn write(out: impl Write, manifest: &[u8], database: (File, u64)) -> io::Result<()> {
    let mut archive = Builder::new(out);
    append(&mut archive, MANIFEST, manifest.len() as u64, manifest)?;
    append(&mut archive, DATABASE, database.1, database.0.take(database.1))?;
    archive.into_inner()?.flush()
}

fn append<W: Write>(archive: &mut Builder<W>, name: &str, bytes: u64, content: impl Read) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, name, content)
}

/// The SHA-256 of what comes, in hexadecimal digits, and how many bytes came; all of it goes to `out`.
pub(super) fn copy_hashed(mut from: impl Read, mut out: impl Write) -> io::Result<(String, u64)> {
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 256 << 10]);
    loop {
        let count = from.read(&mut piece)?;
        if count == 0 {
            break;
        }
        hash.update(&piece[..count]);
        out.write_all(&piece[..count])?;
        bytes += count as u64;
    }
    Ok((format!("{:x}", hash.finalize()), bytes))
}

/// Reads an archive: gives its manifest, and writes its database into a new file. What is not as the manifest says is
/// damaged.
pub(super) fn unpack(archive: &Path, known: i64, database: &mut File) -> Result<Manifest, RestoreError> {
    let unreadable = |error: io::Error| RestoreError::File { path: archive.to_owned(), reason: error.to_string() };
    let no_backup = |reason: &str| RestoreError::NoBackup { path: archive.to_owned(), reason: reason.to_owned() };
    let damaged = |reason: String| RestoreError::Damaged { path: archive.to_owned(), reason };
    let mut reader = Archive::new(File::open(archive).map_err(unreadable)?);
    let mut entries = reader.entries().map_err(unreadable)?;
    let Some(Ok(mut first)) = entries.next() else { return Err(no_backup("it is no tar archive")) };
    if first.path().ok().as_deref() != Some(Path::new(MANIFEST)) || first.size() > MANIFEST_BYTES {
        return Err(no_backup("its first file is not manifest.json"));
    }
    let mut text = Vec::new();
    first.read_to_end(&mut text).map_err(|error| damaged(error.to_string()))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| no_backup(&format!("its manifest cannot be read: {error}")))?;
    if manifest.format != FORMAT || manifest.schema > known {
        return Err(RestoreError::Newer { program: manifest.program, found: manifest.schema, known });
    }
    let [ManifestFile { name, bytes, sha256 }] = manifest.files.as_slice() else {
        return Err(no_backup("its manifest does not name one file"));
    };
    let second = entries.next().ok_or_else(|| damaged("it ends before the database".to_owned()))?;
    let second = second.map_err(|error| damaged(error.to_string()))?;
    if name != DATABASE || second.path().ok().as_deref() != Some(Path::new(DATABASE)) {
        return Err(damaged("the database does not follow the manifest".to_owned()));
    }
    let (digest, found) = copy_hashed(second, &mut *database).map_err(|error| damaged(error.to_string()))?;
    if found != *bytes {
        return Err(damaged(format!("the database has {found} bytes instead of {bytes}")));
    }
    if digest != *sha256 {
        return Err(damaged("the database's digest is not the manifest's".to_owned()));
    }
    Ok(manifest)
}

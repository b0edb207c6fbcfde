//! Files by the SHA-256 of what they hold, in a folder of their own: equal ones once, and none ever changed.

use crate::error::{Error, Result};
use crate::words::sha256;
use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use std::path::Path;
use std::sync::Arc;

/// Shared by everyone.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    /// Keeps them under `folder`/files. A file is written under another name, synced with its folder, and renamed:
    /// `with_fsync` is off by default, and without it an attachment's row could outlive its file.
    pub fn open(folder: &Path) -> Result<Files> {
        let folder = folder.join("files");
        let failed = |error: &dyn std::fmt::Display| {
            Error::Disk(format!("The folder {} cannot be used: {error}.", folder.display()))
        };
        std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
        #[cfg(unix)]
        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .map_err(|error| failed(&error))?;
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(&error))?.with_fsync(true);
        Ok(Files { store: Arc::new(store) })
    }

    /// Answers with the digest once the bytes are on the disk; what is there already is not written again.
    pub async fn put(&self, bytes: Bytes) -> Result<String> {
        self.put_new(bytes).await.map(|(digest, _)| digest)
    }

    /// As `put`; also says whether it was new.
    pub(crate) async fn put_new(&self, bytes: Bytes) -> Result<(String, bool)> {
        let digest = sha256(&[&bytes]);
        let key = key(&digest)?;
        if self.store.head(&key).await.is_ok_and(|it| it.size == bytes.len() as u64) {
            return Ok((digest, false));
        }
        self.store.put(&key, bytes.into()).await.map_err(disk)?;
        Ok((digest, true))
    }

    /// The whole file; refuses what is no longer what was stored.
    pub async fn get(&self, digest: &str) -> Result<Bytes> {
        let bytes = match self.store.get(&key(digest)?).await {
            Ok(found) => found.bytes().await.map_err(disk)?,
            Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound),
            Err(error) => return Err(disk(error)),
        };
        if sha256(&[&bytes]) != digest {
            return Err(Error::Disk(format!("The file {digest} was changed on the disk; restore it from a backup.")));
        }
        Ok(bytes)
    }

    /// Files that are needed for a while only, such as a table that is being imported; apart from those that stay.
    pub fn drafts(&self) -> Files {
        Files { store: Arc::new(PrefixStore::new(self.store.clone(), "drafts")) }
    }

    /// Of a draft that has done its work, or a restore that failed; nothing else ever removes a file.
    pub async fn remove(&self, digest: &str) -> Result<()> {
        self.store.delete(&key(digest)?).await.map_err(disk)
    }
}

/// `ab/cdef…`: no folder gets too many entries. Only a digest is ever part of a path.
fn key(digest: &str) -> Result<Key> {
    if digest.len() != 64 || !digest.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it)) {
        return Err(Error::NotFound);
    }
    Ok(Key::from(format!("{}/{}", &digest[..2], &digest[2..])))
}

fn disk(error: object_store::Error) -> Error {
    let text = error.to_string();
    match &error {
        object_store::Error::Generic { source, .. } if source.to_string().contains("No space") => {
            Error::Disk("The disk is full, so the file was not saved. Free some space and repeat.".into())
        }
        _ => Error::Disk(format!("The folder of files reported an error: {text}.")),
    }
}

//! Files on disk. They are read up to a size limit, and written so that a crash leaves no half file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::error::LedgerError;
use super::view::FILE_BYTES;

/// Ending of a file that is being written.
pub(crate) const TEMPORARY: &str = ".tmp";

/// The content of a file of at most [`FILE_BYTES`]; `None` if it is absent.
pub(crate) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    read_at_most(path, FILE_BYTES)
}

/// The content of a file of at most `most` bytes; `None` if it is absent.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Option<Vec<u8>>, LedgerError> {
    let is_absent =
        |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(LedgerError::io("read", path)(error)),
    };
    let metadata = file.metadata().map_err(LedgerError::io("read", path))?;
    if !metadata.is_file() {
        return Err(LedgerError::damaged(path.display().to_string(), "it is not a file"));
    }
    let mut bytes = Vec::with_capacity(metadata.len().min(most) as usize);
    file.take(most + 1).read_to_end(&mut bytes).map_err(LedgerError::io("read", path))?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {} MiB", most >> 20);
        return Err(LedgerError::damaged(path.display().to_string(), why));
    }
    Ok(Some(bytes))
}

/// Appends bytes to an open file. If only a part can be written, as on a full disk, that part is removed again. Otherwise
/// the next line would continue it, and both lines would be lost.
///
/// # Errors
/// Not all bytes could be written.
pub fn append_whole(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(bytes).inspect_err(|_| {
        // If this fails too, half a line stays at the end of the file, where readers ignore it.
        let _ = file.set_len(before);
    })
}

/// Appends lines to a file, and returns when they are on disk. Makes the file and its folders if they are absent.
pub(crate) fn append(path: &Path, lines: &[u8]) -> Result<(), LedgerError> {
    let io = |error| LedgerError::io("write", path)(error);
    let is_new = !path.exists();
    if let (true, Some(folder)) = (is_new, path.parent()) {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(io)?;
    append_whole(&mut file, lines).and_then(|()| file.sync_data()).map_err(io)?;
    if let (true, Some(folder)) = (is_new, path.parent()) {
        sync_folder(folder)?;
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
    }
    Ok(())
}

/// Replaces the content of a file. After a crash the file has the old content or the new one, never a part of it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(TEMPORARY);
    let temporary = Path::new(&temporary);
    let write = || {
        let mut file = File::create(temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(temporary, path)
    };
    write().map_err(LedgerError::io("write", path))
}

/// Writes the names in a folder to disk, so that a new file survives a crash. Systems other than Unix do not need it.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LedgerError> {
    if cfg!(unix) {
        let sync = || File::open(folder)?.sync_all();
        sync().map_err(LedgerError::io("sync", folder))?;
    }
    Ok(())
}

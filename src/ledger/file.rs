//! Files on disk: read up to a size, replaced or appended to so that a crash tears nothing, as far as the machine lets us.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::error::LedgerError;
use super::view::FILE_BYTES;

/// Ending of files that are being written.
pub(crate) const TEMPORARY: &str = ".tmp";

/// The content of a file; `None` if it is not there.
pub(crate) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    read_at_most(path, FILE_BYTES)
}

/// The content of a file of at most `most` bytes; `None` if it is not there.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Option<Vec<u8>>, LedgerError> {
    let absent = |error: &std::io::Error| {
        matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if absent(&error) => return Ok(None),
        Err(error) => return Err(LedgerError::io("read", path)(error)),
    };
    let size = file.metadata().map_err(LedgerError::io("read", path))?;
    if !size.is_file() {
        return Err(LedgerError::damaged(path.display().to_string(), "it is not a file"));
    }
    let mut bytes = Vec::with_capacity(size.len().min(most) as usize);
    file.take(most + 1).read_to_end(&mut bytes).map_err(LedgerError::io("read", path))?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {} MiB", most >> 20);
        return Err(LedgerError::damaged(path.display().to_string(), why));
    }
    Ok(Some(bytes))
}

/// Adds to the end of an open file. What came only in part, on a full disk say, is taken away again: the next line
/// would join it, and both would be lost.
///
/// # Errors
/// The file could not take all of it.
pub fn append_whole(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(bytes).inspect_err(|_| {
        // A disk that cannot even do this leaves half a line, which readers bear at the end of a file.
        let _ = file.set_len(before);
    })
}

/// Appends to a file, made with its folders if need be, and returns once all of it is on disk.
pub(crate) fn append(path: &Path, lines: &[u8]) -> Result<(), LedgerError> {
    let io = |error| LedgerError::io("write", path)(error);
    let new = !path.exists();
    if let (true, Some(folder)) = (new, path.parent()) {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(io)?;
    append_whole(&mut file, lines).and_then(|()| file.sync_data()).map_err(io)?;
    if let (true, Some(folder)) = (new, path.parent()) {
        sync_folder(folder)?;
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
    }
    Ok(())
}

/// A file is the old one or the new one, never a part.
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

/// Makes new names in a folder last; not every system can or needs to.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LedgerError> {
    if cfg!(unix) {
        let sync = || File::open(folder)?.sync_all();
        sync().map_err(LedgerError::io("sync", folder))?;
    }
    Ok(())
}

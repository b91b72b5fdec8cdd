//! Adding to a file: all of it or nothing, as far as the machine lets us.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::error::LedgerError;
use super::redo;

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
        redo::sync_folder(folder)?;
        if let Some(above) = folder.parent() {
            redo::sync_folder(above)?;
        }
    }
    Ok(())
}

//! Reading a body, up to a limit.

use crate::connector::error::ErrorKind;

/// Largest answer that is read, after decompression.
pub(super) const MAX_BODY: usize = 128 << 20;

/// Some servers write a byte order mark, which RFC 8259 section 8.1 lets a reader ignore.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the whole body, without a byte order mark.
///
/// # Errors
/// The kind of trouble and what happened.
pub(super) async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, (ErrorKind, String)> {
    let expected = response.content_length().unwrap_or(0);
    if expected > limit as u64 {
        return Err(too_large(limit));
    }
    let mut body = Vec::with_capacity(expected as usize);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(too_large(limit)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) if body.starts_with(BYTE_ORDER_MARK) => {
                body.drain(..BYTE_ORDER_MARK.len());
                return Ok(body);
            }
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => {
                return Err((ErrorKind::Timeout, "the answer did not end in time".to_owned()));
            }
            Err(_) => {
                let what = format!("the answer broke off after {} bytes", body.len());
                return Err((ErrorKind::Broken, what));
            }
        }
    }
}

/// The body without what an app writes before its JSON, if it is there.
pub(super) fn without_prefix(mut body: Vec<u8>, prefix: Option<&str>) -> Vec<u8> {
    let blanks = body.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if let Some(prefix) = prefix
        && body[blanks..].starts_with(prefix.as_bytes())
    {
        body.drain(..blanks + prefix.len());
    }
    body
}

fn too_large(limit: usize) -> (ErrorKind, String) {
    let what = format!("the answer is larger than {} MiB", limit >> 20);
    (ErrorKind::TooLarge, what)
}

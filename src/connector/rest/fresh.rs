//! Values that are drawn when they are sent.

use crate::catalog::rest::{Fresh, Letters};

/// The kinds of characters of a password; each occurs.
const KINDS: [&str; 4] = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "-_.!*"];

/// Draws a value.
///
/// # Errors
/// The operating system gives no random numbers.
pub(super) fn draw(fresh: Fresh) -> Result<String, String> {
    loop {
        let text = match fresh.of {
            Letters::Digits => drawn("0123456789", fresh.length)?,
            Letters::Password => drawn(&KINDS.concat(), fresh.length)?,
        };
        let is_good = match fresh.of {
            // A number that begins with zero has other digits in some apps.
            Letters::Digits => !text.starts_with('0'),
            Letters::Password => {
                fresh.length < KINDS.len() || KINDS.iter().all(|kind| text.contains(|c| kind.contains(c)))
            }
        };
        if is_good {
            return Ok(text);
        }
    }
}

fn drawn(letters: &str, length: usize) -> Result<String, String> {
    let letters: Vec<char> = letters.chars().collect();
    let mut text = String::with_capacity(length);
    let most = (256 / letters.len()) * letters.len();
    while text.chars().count() < length {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("no random numbers: {error}"))?;
        // Bytes above the largest multiple would make some letters more frequent.
        let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < most);
        text.extend(fair.map(|byte| letters[byte % letters.len()]).take(length - text.chars().count()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_has_its_length_and_its_letters() {
        for _ in 0..50 {
            let digits = draw(Fresh { of: Letters::Digits, length: 10 }).unwrap();
            assert!(
                digits.len() == 10 && digits.chars().all(|c| c.is_ascii_digit()) && !digits.starts_with('0')
            );
            let password = draw(Fresh { of: Letters::Password, length: 12 }).unwrap();
            assert_eq!(password.len(), 12);
            assert!(KINDS.iter().all(|kind| password.contains(|c| kind.contains(c))), "{password}");
        }
        assert_ne!(
            draw(Fresh { of: Letters::Password, length: 24 }),
            draw(Fresh { of: Letters::Password, length: 24 })
        );
    }
}

//! The ids of runs.

use std::sync::Arc;

use crate::model::time::Timestamp;

/// A new run's id: its start and eight random hexadecimal digits; it is never used again.
///
/// # Errors
/// The machine gives no random bytes.
pub(super) fn new(at: Timestamp) -> Result<Arc<str>, String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| format!("no random bytes: {error}"))?;
    Ok(format!("{}-{:08x}", at.strftime("%Y%m%dT%H%M%SZ"), u32::from_be_bytes(bytes)).into())
}

/// The user and host of the run, for the messages of other runs.
pub(super) fn holder() -> Arc<str> {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let host = std::env::var("HOSTNAME").ok().or_else(|| {
        let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
        Some(name.trim().to_owned())
    });
    format!("{}@{}", part(user), part(host)).into()
}

/// The text in a form that the ledger accepts, because the environment may hold anything.
fn part(text: Option<String>) -> String {
    let text = text.filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| "unknown".to_owned());
    let plain = text.chars().map(|c| if c.is_control() { '?' } else { c });
    plain.take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_holder_fits_the_ledger() {
        assert_eq!(part(Some("ada\u{1b}[2J".into())), "ada?[2J");
        assert_eq!(part(Some("漢".repeat(500))).len(), 180);
        assert_eq!((part(None), part(Some(String::new()))), ("unknown".into(), "unknown".into()));
    }
}

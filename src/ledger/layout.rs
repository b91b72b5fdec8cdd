//! The files of a ledger. A folder and a branch hold the same tree:
//!
//! ```text
//! ledger.json                          format, id, serial, key, apps
//! apps/APP/state.json                  endpoint, last applied commit, losses
//! apps/APP/users/SHARD.json            accounts, one a line
//! apps/APP/groups/SHARD.json           groups, members one a line
//! apps/APP/interventions.jsonl         what other hands did in the app, and whose access remains
//! apps/APP/holds.jsonl                 what guards held back, until it is allowed or taken back
//! apps/APP/given.jsonl                 who got into a group or got a role by a run of the last days
//! apps/APP/intents.jsonl               what runs set out to do and have not reported on
//! apps/APP/lease.json                  who is applying
//! apps/APP/pending/SERIAL-RUN.jsonl    results not yet folded into the shards
//! runs/SERIAL-RUN.json                 how each change of a run ended, for `log`
//! ```
//!
//! A folder also holds these. On a branch, the commits and the lease do their work:
//!
//! ```text
//! history.jsonl                        who wrote the ledger when, and why; one line a write
//! commit.json                          a write of several files that is not in all of them yet, see [`super::redo`]
//! lock                                 the operating-system lock, and the name of its holder
//! FILE.tmp                             a file under way, ignored by readers
//! ```
//!
//! A file below `apps/` that is not in the first table is refused as damage ([`super::decode`]). So an older program
//! cannot read a ledger with a new kind of file there: such a file raises [`super::stored::FORMAT`], and the older
//! program then says that the ledger is newer. The newer program refuses every older ledger. Other files beside `ledger.json`, such as a README, are ignored.
//!
//! A shard is named by the first hexadecimal digits of the hash of the ids in it, so that a push touches few files: up to
//! three digits for a large company, none (`all.json`) for a small one.

use crate::model::AppId;

/// The root file.
pub(crate) const ROOT: &str = "ledger.json";
/// Where the apps are.
pub(crate) const APPS: &str = "apps";
/// Where the outcomes of finished runs are.
pub(crate) const RUNS: &str = "runs";

/// The folder of an app: its id, with all characters but `a-z 0-9 - _ .` percent-encoded. So any id is a file name on any
/// file system, even on one that ignores case. A long name is cut, and ends with a hash of the id.
pub(crate) fn app_folder(app: &AppId) -> String {
    let mut name = String::new();
    for (index, byte) in app.as_str().bytes().enumerate() {
        match byte {
            b'.' if index == 0 => name.push_str("%2E"),
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(byte as char),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() > 120 {
        name.truncate(80);
        name.push('~');
        name.push_str(&digits(app.as_str(), 16));
    }
    format!("{APPS}/{name}")
}

/// The name of that folder, as the root names it.
pub(crate) fn app_name(app: &AppId) -> String {
    app_folder(app).split_off(APPS.len() + 1)
}

/// True if a text may be part of a file name as it is: up to 80 letters, digits, `-`, `_`, `.`, and not a hidden file.
pub(crate) fn is_plain(name: &str) -> bool {
    (1..=80).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The highest serial that a ledger has. One write in each second would need three thousand years to reach it: a higher one was not
/// counted by rolecall. Serials have twelve digits in the names of files.
pub(crate) const HIGHEST_SERIAL: u64 = 100_000_000_000;

/// `SERIAL-RUN`: the names sort in the order of writing.
pub(crate) fn numbered(serial: u64, run: &str) -> String {
    format!("{serial:012}-{run}")
}

/// Reads [`numbered`] back from a file name without its ending.
pub(crate) fn read_numbered(name: &str) -> Option<(u64, &str)> {
    let (serial, run) = name.split_once('-')?;
    let well_formed = serial.len() == 12 && serial.bytes().all(|b| b.is_ascii_digit()) && is_plain(run);
    if !well_formed {
        return None;
    }
    Some((serial.parse().ok()?, run))
}

/// The number of hexadecimal digits in the names of shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Width(u8);

impl Width {
    /// For this many people.
    pub(crate) fn for_users(count: usize) -> Self {
        Self(match count {
            0..=200 => 0,
            201..=4_000 => 1,
            4_001..=64_000 => 2,
            _ => 3,
        })
    }

    /// For groups with this many lines: one a group, one a member.
    pub(crate) fn for_groups(lines: usize) -> Self {
        Self(match lines {
            0..=2_000 => 0,
            2_001..=40_000 => 1,
            40_001..=1_000_000 => 2,
            _ => 3,
        })
    }

    /// The width that the name of a shard shows; `None` if it is not the name of a shard.
    pub(crate) fn of_shard(name: &str) -> Option<Self> {
        let hex = name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match name {
            "all" => Some(Self(0)),
            _ if hex && (1..=3).contains(&name.len()) => Some(Self(name.len() as u8)),
            _ => None,
        }
    }

    /// The name of the shard that an id belongs to.
    pub(crate) fn shard(self, id: &str) -> String {
        match self.0 {
            0 => "all".to_owned(),
            width => digits(id, width as usize),
        }
    }
}

fn digits(text: &str, count: usize) -> String {
    let mut hex = blake3::hash(text.as_bytes()).to_hex().to_string();
    hex.truncate(count);
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_app_id_is_a_safe_folder_name() {
        let of = |id: &str| app_folder(&id.parse().unwrap());
        assert_eq!(of("15five"), "apps/15five");
        assert_eq!(of("Jira"), "apps/%4Aira");
        assert_eq!(of(".."), "apps/%2E.");
        assert_eq!(of("a/b"), "apps/a%2Fb");
        assert!(of(&"é".repeat(128)).len() < 150);
        assert_ne!(of(&"é".repeat(127)), of(&"é".repeat(128)));
    }

    #[test]
    fn shards_and_numbers_read_back() {
        assert_eq!(Width::for_users(10).shard("ada"), "all");
        for count in [10, 1_000, 10_000, 100_000] {
            let width = Width::for_users(count);
            assert_eq!(Width::of_shard(&width.shard("ada")), Some(width));
        }
        assert_eq!(Width::of_shard("AB"), None);
        assert_eq!(read_numbered(&numbered(7, "r-1")), Some((7, "r-1")));
        assert_eq!(read_numbered("7-r"), None);
        assert_eq!(read_numbered("000000000007-../x"), None);
    }
}

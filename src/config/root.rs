//! What has to be known of rolecall.yaml before the rest is read: which program it needs and which files there are.

use semver::{Version, VersionReq};

use crate::model::Diagnostic;

use super::cursor::Cursor;
use super::include::{self, Include};

/// The version of this program.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Keys that only rolecall.yaml may hold.
pub const ROOT_ONLY: [&str; 9] =
    ["version", "requires", "branch", "include", "timezone", "ledger", "secrets", "defaults", "attributes"];

/// Checks `requires:` and `version:`. A finding here is the only one of the run: an older program cannot judge the rest.
pub fn usable(root: Cursor<'_>) -> Option<Diagnostic> {
    if let Some(node) = root.get("requires")
        && let Some(text) = node.as_str()
    {
        match VersionReq::parse(text) {
            Err(error) => {
                return Some(
                    Diagnostic::error(
                        "requires",
                        node.span(),
                        format!("`requires`: `{text}` is not a version requirement: {error}"),
                    )
                    .with_hint("write a version requirement, such as \">=0.1\""),
                );
            }
            Ok(wanted) if !satisfied(&wanted) => {
                return Some(
                    Diagnostic::error(
                        "requires",
                        node.span(),
                        format!("this tree needs rolecall {text}, this is {PROGRAM}"),
                    )
                    .with_hint("use a rolecall of that version"),
                );
            }
            Ok(_) => {}
        }
    }
    let node = root.get("version")?;
    let version = node.as_int().filter(|version| *version > 1)?;
    Some(
        Diagnostic::error(
            "version",
            node.span(),
            format!(
                "this tree is written in version {version} of the language, this rolecall knows version 1"
            ),
        )
        .with_hint("use a newer rolecall"),
    )
}

fn satisfied(wanted: &VersionReq) -> bool {
    Version::parse(PROGRAM).is_ok_and(|mut version| {
        // A pre-release of a version may read what the version may.
        version.pre = semver::Prerelease::EMPTY;
        wanted.matches(&version)
    })
}

/// The globs of `include:`, or the default ones.
pub fn includes(root: Option<Cursor<'_>>, found: &mut Vec<Diagnostic>) -> Option<Include> {
    let node = root.and_then(|root| root.get("include")).filter(Cursor::is_seq);
    let Some(node) = node else {
        return Include::new(include::DEFAULT).ok();
    };
    let globs: Vec<_> = node.items().filter(|item| item.as_str().is_some()).collect();
    match Include::new(globs.iter().map(super::cursor::Cursor::text)) {
        Ok(include) => Some(include),
        Err((number, why)) => {
            let glob = globs.get(number).copied().unwrap_or(node);
            found.push(
                Diagnostic::error(
                    "include",
                    glob.span(),
                    format!("`{}` is not a usable glob: {why}", glob.text()),
                )
                .with_hint("globs are relative to rolecall.yaml, such as access/**/*.yaml"),
            );
            None
        }
    }
}

/// Reports keys that only rolecall.yaml may hold.
pub fn misplaced(root: Cursor<'_>, found: &mut Vec<Diagnostic>) {
    for (key, _) in root.entries() {
        if ROOT_ONLY.contains(&key.text()) {
            found.push(
                Diagnostic::error(
                    "root-only",
                    key.span(),
                    format!("`{}` is a setting of the whole tree", key.text()),
                )
                .with_hint("move it to rolecall.yaml"),
            );
        }
    }
}

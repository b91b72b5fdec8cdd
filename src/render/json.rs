//! The plan as JSON: the public form, and the file that `plan --out` stores.
//!
//! Format 1, an object:
//!
//! * `format`: this number. It changes when a reader of the old form would misread the new one; a reader ignores keys it
//!   does not know, so additions keep it.
//! * `id`: 16 hexadecimal digits, the hash of what would happen.
//! * `inputs`: how it was made: `tool`, `tree`, `commit`, `dirty`, `at`, `valid_until` (RFC 3339, UTC), `people`, `ledger`.
//! * `apps`: sorted by `app`; each with `endpoint`, `status` (`planned`; `unreadable` with `why`; `stopped` with `by` and
//!   `why`; `disabled`), `changes`, `notices`, `guards`, `coming`, `people` (names for ids), `accounts`.
//! * A change: `key` (`app`, `object` such as `{"user": "ada"}`, `facet` such as `"life"` or `{"role": "admin"}`; unique,
//!   sorted), `kind`, `cause`, `old` and `new` (no `text` is unassigned), `sets`, `privileged`, `reasons` with `place`,
//!   `verdict` (`do`, or `held` with `by` and `why`), `phase`.
//!
//! The same plan gives the same bytes. Characters that a terminal obeys or a reader cannot see are `\u` escapes.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::wire_check;
use crate::model::escape::{escape, escape_json};
use crate::plan::{FORMAT, Plan};

/// The largest plan file that is read, in bytes.
pub const PLAN_FILE_LIMIT: u64 = 256 * 1024 * 1024;

/// The plan as JSON, a change a line.
pub fn json(plan: &Plan) -> String {
    pretty(plan)
}

/// Any of this room's documents as JSON.
pub(super) fn pretty(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Lines::default());
    if let Err(error) = document.serialize(&mut serializer) {
        // All keys are strings and all writing is to memory, so there is no way to fail; if there ever is one, the output
        // says so and is no plan.
        return format!("{{\"error\": {:?}}}\n", error.to_string());
    }
    out.push(b'\n');
    escape_json(&String::from_utf8_lossy(&out)).into_owned()
}

/// Containers nested deeper than this stay on one line: a change, a notice.
const OPEN: usize = 4;

/// One line for each change, so that files can be compared and searched.
#[derive(Default)]
struct Lines {
    depth: usize,
    has_value: bool,
}

impl Lines {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let is_open = self.depth <= OPEN;
        self.depth = self.depth.saturating_sub(1);
        if self.has_value && is_open {
            write!(out, "\n{:width$}", "", width = self.depth * 2)?;
        }
        self.has_value = true;
        out.write_all(bracket)
    }

    fn next<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b"," })?;
        match self.depth <= OPEN {
            true => write!(out, "\n{:width$}", "", width = self.depth * 2),
            false if first => Ok(()),
            false => out.write_all(b" "),
        }
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

/// Why a plan file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFileError {
    /// Larger than any plan.
    #[error("the plan file has {bytes} bytes; at most {PLAN_FILE_LIMIT} are read")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// Not JSON, or cut short.
    #[error("the plan file is not valid JSON at line {line}, column {column}: {why}")]
    NotJson {
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// In words.
        why: String,
    },
    /// JSON without a format number.
    #[error("the file is not a plan: it has no `format` number")]
    NotAPlan,
    /// Written by another version.
    #[error("the plan file has format {found}; this version reads format {FORMAT}")]
    UnknownFormat {
        /// Its number.
        found: u64,
    },
    /// The right format, the wrong content.
    #[error("the plan file is damaged: {why}")]
    Invalid {
        /// What is wrong, and where.
        why: String,
    },
}

impl PlanFileError {
    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            PlanFileError::TooLarge { .. } | PlanFileError::NotAPlan => {
                "give a file that `rolecall plan --out FILE` wrote"
            }
            PlanFileError::NotJson { .. } | PlanFileError::Invalid { .. } => {
                "the file was cut short or edited; make it again with `rolecall plan --out FILE`"
            }
            PlanFileError::UnknownFormat { .. } => {
                "make it again with this version, or use the version that wrote it (`inputs.tool` in the file)"
            }
        }
    }
}

/// The one key that every format has.
#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: Option<serde_json::Value>,
}

/// Reads a stored plan. The text is hostile: it is bounded, and what it claims is checked for form. Whether it is true is
/// for apply to find out, which compares each change with one it computed itself.
///
/// # Errors
/// Says what is wrong with the file; [`PlanFileError::hint`] says what to do.
pub fn parse_plan(text: &str) -> Result<Plan, PlanFileError> {
    let bytes = text.len() as u64;
    if bytes > PLAN_FILE_LIMIT {
        return Err(PlanFileError::TooLarge { bytes });
    }
    let header: Header = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => PlanFileError::NotAPlan,
        _ => PlanFileError::NotJson { line: error.line(), column: error.column(), why: words(&error) },
    })?;
    match header.format.as_ref().and_then(serde_json::Value::as_u64) {
        None => return Err(PlanFileError::NotAPlan),
        Some(found) if found != u64::from(FORMAT) => return Err(PlanFileError::UnknownFormat { found }),
        Some(_) => {}
    }
    let plan: Plan = serde_json::from_str(text).map_err(|error| PlanFileError::Invalid {
        why: format!("line {}, column {}: {}", error.line(), error.column(), words(&error)),
    })?;
    wire_check::check(&plan).map_err(|why| PlanFileError::Invalid { why: escape(&why).into_owned() })?;
    Ok(plan)
}

/// The parser's words without its position, which is told apart, escaped and bounded: they may quote the file.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let short: String = text.chars().take(200).collect();
    escape(&short).into_owned()
}

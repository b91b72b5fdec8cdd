//! The signature of a write: author and reason.

use clap::builder::NonEmptyStringValueParser;

use super::context::Context;
use crate::engine::maintenance::author;
use crate::ledger::By;

/// The signature of a write, for the ledger's history.
#[derive(Debug, clap::Args)]
pub(super) struct Signature {
    /// Reason of this write; kept in the ledger's history
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: String,
    #[command(flatten)]
    pub author: Author,
}

/// The author of a write.
#[derive(Debug, clap::Args)]
pub(super) struct Author {
    /// Author of this write; if not given, the author that git would use
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub author: Option<String>,
}

impl Author {
    /// The name of the author.
    pub(super) fn name(&self, context: &Context<'_>) -> String {
        self.author.clone().unwrap_or_else(|| author(&context.engine.root))
    }
}

/// The signature with the current time.
pub(super) fn by<'t>(context: &Context<'_>, author: &'t str, reason: &'t str) -> By<'t> {
    By { author, reason, at: context.engine.clock.now() }
}

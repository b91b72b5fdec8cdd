//! Options that shape a plan: `--enable`, `--allow`.

use std::collections::BTreeMap;

use super::exit::Status;
use super::globals::Globals;
use super::printer::Printer;
use crate::engine::plan::Wish;
use crate::model::AppId;
use crate::plan::Allowance;

/// Options that shape a plan.
#[derive(Debug, Clone, clap::Args)]
pub struct Shape {
    /// Turn on an account, or give back a privileged role, that somebody else took away in the app
    #[arg(long, value_name = "USER")]
    pub enable: Vec<String>,
    /// Let a guard pass with exactly the planned count, such as 15five:deprovision=12
    #[arg(long, value_name = "APP:GUARD=N")]
    pub allow: Vec<String>,
}

impl Shape {
    /// What they mean.
    ///
    /// # Errors
    /// One cannot be read: already printed.
    pub fn wish(&self, globals: &Globals, printer: &Printer, write: bool) -> Result<Wish, Status> {
        let mut allow: BTreeMap<AppId, Vec<Allowance>> = BTreeMap::new();
        for text in &self.allow {
            let parts = text
                .split_once(':')
                .and_then(|(app, rest)| Some((app, rest.split_once('=')?)));
            let parsed =
                parts.and_then(|(app, (guard, count))| Some((app, guard, count.parse::<u64>().ok()?)));
            let Some((app, guard, count)) = parsed else {
                let hint = "write APP:GUARD=N with the planned count, such as 15five:deprovision=12";
                return Err(printer.failed(&format!("--allow {text}: cannot be read"), Some(hint)));
            };
            allow.entry(app.into()).or_default().push(Allowance {
                guard: guard.to_owned(),
                count,
            });
        }
        Ok(Wish {
            selection: globals.selection(printer)?,
            enable: self.enable.iter().map(|id| id.as_str().into()).collect(),
            allow,
            write,
        })
    }
}

//! One kill, and the run after it.

use std::fmt;

use crate::kill::app::App;
use crate::kill::books;
use crate::kill::reference::Reference;
use crate::kill::world::{Setting, World};
use crate::support::program::{Output, Struck, Victim};
use crate::support::proxy::{Edge, then, when};

/// The moment at which the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blow {
    pub setting: Setting,
    /// The number of the request, from 1.
    pub request: usize,
    pub edge: Edge,
}

impl fmt::Display for Blow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{:?}", self.setting, self.request, self.edge)
    }
}

/// The stage that the killed run had reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It had not taken the lease.
    Planning,
    /// It had taken the lease.
    Applying,
}

impl Blow {
    /// Kills an apply, runs another one, and compares app and ledger with the run without a kill.
    pub fn strike<A: App>(self, app: A, reference: &Reference) -> Result<Stage, String> {
        let world = World::prepared(app, self.setting);
        let victim = Victim::new();
        world.proxy.arm(when::every().at(self.request), then::kill(self.edge, &victim));
        let running = world.apply().spawn();
        victim.aim(&running);
        let first = running.wait();
        world.proxy.heal();
        match victim.struck() {
            Some(Struck::Killed) if first.signal == Some(9) => {}
            struck => {
                return Err(format!(
                    "the kill came after the process had ended ({struck:?}){}",
                    said("killed", &first)
                ));
            }
        }
        let interrupted = world.ledger().0.lease.map(|lease| lease.run);

        let second = world.apply().run();
        let third = world.plan().run();
        let mut wrong = Vec::new();
        if second.status != 0 {
            wrong.push(format!("the second run ended with status {}", second.status));
        }
        match &interrupted {
            Some(run) if !names(&second, run) => wrong.push(format!("it does not name run {run}")),
            None if self.request > reference.first_write() => {
                wrong.push("the killed run had written without a lease".to_owned());
            }
            _ => {}
        }
        if third.status != 0 {
            wrong.push(format!("the next plan is not empty (status {})", third.status));
        }
        wrong.extend(differs("the app", &pretty(&reference.dump), &pretty(&world.app.dump())));
        wrong.extend(differs("the ledger", &reference.books.join("\n"), &books::lines(&world).join("\n")));
        for (kind, attribute) in A::NAMES {
            for object in reference.dump[kind].as_array().into_iter().flatten() {
                let name = object[attribute].as_str().unwrap_or_default();
                let times = world.proxy.created(attribute, name);
                if times != 1 {
                    wrong.push(format!("{name} was created {times} times"));
                }
            }
        }
        if wrong.is_empty() {
            return Ok(interrupted.map_or(Stage::Planning, |_| Stage::Applying));
        }
        let runs = [("killed", &first), ("second", &second), ("next plan", &third)];
        let said: String = runs.map(|(what, output)| said(what, output)).concat();
        Err(format!("{}{said}", wrong.join("\n")))
    }
}

fn names(output: &Output, run: &str) -> bool {
    let line = |line: &str| line.contains(run) && line.contains("interrupted");
    output.stderr.lines().any(line)
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The difference, if there is one.
fn differs(what: &str, undisturbed: &str, now: &str) -> Option<String> {
    if undisturbed == now {
        return None;
    }
    let diff = similar::TextDiff::from_lines(undisturbed, now);
    let diff = diff.unified_diff().context_radius(4).to_string();
    Some(format!("{what} differs from the undisturbed run's:\n{diff}"))
}

fn said(what: &str, output: &Output) -> String {
    format!("\n--- {what}: status {}\n{}\n{}", output.status, output.stdout, output.stderr)
}

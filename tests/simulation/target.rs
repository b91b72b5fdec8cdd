//! The simulated app as a connector, with faults by script. It proves that the program keeps its rules, and not that a
//! real app behaves in this way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rolecall::catalog;
use rolecall::connector::{CheckReport, Connector, ConnectorError, Gate, LookUps, PageSender, RawPage};
use rolecall::model::capabilities::Capabilities;
use rolecall::model::op::{Action, After, Outcome, OutcomeState};
use rolecall::model::remote::{Complete, GoneProof, Kind, ListRequest, Presence, Walk};
use rolecall::model::{Op, Page, Path, Remote, RemoteId, Value};
use tokio::sync::Notify;

use super::app::{self, App};
use super::blur::{Blur, MembersShown};
use super::rng::Rng;

/// The faults of the app.
#[derive(Clone)]
pub struct Faults {
    pub rng: Rng,
    /// The percentages of writes that are refused, and of those with an unknown outcome, without and with effect.
    pub refused: u64,
    pub lost_before: u64,
    pub lost_after: u64,
    /// The process dies at this write: before its effect, or after it if true.
    pub die_at: Option<(u64, bool)>,
    /// The percentages of listings with a wrong total, and of listings that lack an account.
    pub short: u64,
    pub forgetful: u64,
    /// What the answers leave out.
    pub blur: Blur,
    /// How many minutes the clock of the machine that runs the program is ahead.
    pub skew: i64,
}

impl Faults {
    pub fn none() -> Self {
        Self {
            rng: Rng::new(1),
            refused: 0,
            lost_before: 0,
            lost_after: 0,
            die_at: None,
            short: 0,
            forgetful: 0,
            blur: Blur::NONE,
            skew: 0,
        }
    }
}

/// A write that reached the app.
#[derive(Clone)]
pub struct Written {
    pub op: Op,
    pub before: App,
    pub after: App,
}

pub struct Target {
    pub app: Mutex<App>,
    pub faults: Mutex<Faults>,
    pub log: Mutex<Vec<Written>>,
    /// What the listings of this run left out while their totals added up.
    pub forgot: Mutex<Vec<String>>,
    /// False for large apps, because each entry holds the app before and after.
    pub keeps_log: bool,
    pub writes: AtomicU64,
    /// No other write began before the first one had ended.
    pub first_alone: AtomicBool,
    pub capabilities: Capabilities,
    /// The process is dead: its requests have no effect.
    pub dead: Arc<AtomicBool>,
    pub died: Arc<Notify>,
}

impl Target {
    pub fn new(app: App, members_batch: u32) -> Self {
        let capabilities = Capabilities {
            members_by: app.members_by,
            members_batch,
            ..catalog::scim::definition().capabilities
        };
        Self {
            app: Mutex::new(app),
            faults: Mutex::new(Faults::none()),
            log: Mutex::default(),
            forgot: Mutex::default(),
            keeps_log: true,
            writes: AtomicU64::new(0),
            first_alone: AtomicBool::new(false),
            capabilities,
            dead: Arc::default(),
            died: Arc::default(),
        }
    }

    pub fn app(&self) -> MutexGuard<'_, App> {
        self.app.lock().expect("no test thread panicked with the app")
    }

    /// Starts a new process with these faults.
    pub fn start(&self, faults: Faults) {
        *self.faults.lock().expect("faults") = faults;
        self.log.lock().expect("log").clear();
        self.forgot.lock().expect("forgot").clear();
        self.writes.store(0, Ordering::SeqCst);
        self.dead.store(false, Ordering::SeqCst);
    }

    /// The object as an answer shows it.
    fn shown(&self, remote: Remote, in_list: bool) -> Remote {
        let blur = self.faults.lock().expect("faults").blur;
        let cap = self.capabilities.members_cap.map(|most| MembersShown::Cut(most as usize));
        let capped = Blur { members: cap.unwrap_or(MembersShown::Whole), ..Blur::NONE };
        blur.over(capped.over(remote, in_list), in_list)
    }

    async fn die(&self) -> ! {
        self.dead.store(true, Ordering::SeqCst);
        self.died.notify_one();
        std::future::pending::<()>().await;
        unreachable!("a dead process does nothing")
    }

    fn effect(&self, op: &Op, want: &ListRequest) -> Outcome {
        let mut app = self.app();
        let seen = match &op.action {
            Action::UpdateUser { remote, .. } | Action::UpdateGroup { remote, .. } => {
                app.remote(want, remote.as_str())
            }
            _ => None,
        };
        if !self.keeps_log {
            let (state, after) = app.carry_out(op, want);
            return Outcome { before: seen.map(Box::new), ..outcome(&app, op, want, state, after) };
        }
        let before = app.clone();
        let (state, after) = app.carry_out(op, want);
        if *app_view(&before) != *app_view(&app) {
            self.log.lock().expect("log").push(Written { op: op.clone(), before, after: app.clone() });
        }
        Outcome { before: seen.map(Box::new), ..outcome(&app, op, want, state, after) }
    }

    async fn one_write(&self, op: &Op, want: &ListRequest, gate: Gate<'_>) -> Outcome {
        let ended = Outcome::bare;
        if self.dead.load(Ordering::SeqCst) {
            self.die().await;
        }
        if let Err(why) = gate(Duration::from_secs(1)) {
            return ended(OutcomeState::NotSent { why });
        }
        let number = self.writes.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        if number == 0 {
            self.first_alone.store(self.writes.load(Ordering::SeqCst) == 1, Ordering::SeqCst);
        }
        let (luck, faults) = {
            let mut faults = self.faults.lock().expect("faults");
            (faults.rng.next() % 100, faults.clone())
        };
        match faults.die_at {
            Some((at, false)) if at == number => self.die().await,
            Some((at, true)) if at == number => {
                self.effect(op, want);
                self.die().await;
            }
            _ => {}
        }
        let why = || "500 Internal Server Error".to_owned();
        if luck < faults.refused {
            let divisible = op.changes.len() > 1 && luck % 2 == 0;
            return ended(OutcomeState::Refused { why: why(), divisible });
        }
        if luck < faults.refused + faults.lost_before {
            return ended(OutcomeState::Unknown { why: why() });
        }
        let outcome = self.effect(op, want);
        if luck < faults.refused + faults.lost_before + faults.lost_after {
            return ended(OutcomeState::Unknown { why: why() });
        }
        outcome
    }
}

/// The visible state of an app.
fn app_view(app: &App) -> Box<(impl PartialEq + '_, impl PartialEq + '_)> {
    Box::new((&app.accounts, &app.teams))
}

impl Connector for Target {
    fn clock(&self) -> Option<jiff::SignedDuration> {
        let skew = self.faults.lock().expect("faults").skew;
        Some(jiff::SignedDuration::from_mins(-skew))
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn own_names(&self) -> &[Arc<str>] {
        &[]
    }

    fn check(&self) -> BoxFuture<'_, CheckReport> {
        let endpoint = "sandbox:sim".to_owned();
        std::future::ready(CheckReport { endpoint, findings: Vec::new() }).boxed()
    }

    fn list<'a>(
        &'a self,
        want: &'a ListRequest,
        out: PageSender,
    ) -> BoxFuture<'a, Result<Walk, ConnectorError>> {
        async move {
            let mut ids: Vec<String> = match want.kind {
                Kind::User => {
                    let app = self.app();
                    app.accounts.keys().filter(|id| !app.hidden.contains(*id)).cloned().collect()
                }
                Kind::Group => self.app().teams.keys().cloned().collect(),
            };
            let short = {
                let mut faults = self.faults.lock().expect("faults");
                let (forgetful, short) = (faults.forgetful, faults.short);
                if faults.rng.chance(forgetful) {
                    let place = faults.rng.below(ids.len());
                    if place < ids.len() {
                        self.forgot.lock().expect("forgot").push(ids.remove(place));
                    }
                }
                faults.rng.chance(short)
            };
            let rows = ids.len() as u64;
            for page in ids.chunks(7) {
                let body = page.join("\n").into_bytes();
                let page = RawPage {
                    body,
                    parsed: None,
                    further: Vec::new(),
                    rows: page.len(),
                    repeated: Vec::new(),
                };
                if out.send(page).await.is_err() || short {
                    break;
                }
            }
            let why = "totalResults says more".into();
            Ok(if short { Walk::Incomplete { why } } else { Walk::Complete(Complete::of_rows(rows)) })
        }
        .boxed()
    }

    fn decode(&self, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError> {
        let text = String::from_utf8_lossy(&page.body);
        let app = self.app();
        let rows = text.lines().filter_map(|id| app.remote(want, id));
        Ok(Page { rows: rows.map(|remote| self.shown(remote, true)).collect() })
    }

    fn find<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
        value: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Remote>, ConnectorError>> {
        let app = self.app();
        let has = |account: &super::app::Account| account.values.get(attribute.key()) == Some(value);
        let found = app.accounts.iter().filter(|(_, account)| has(account));
        let found = found.filter_map(|(id, _)| app.remote(want, id));
        let found = found.map(|remote| self.shown(remote, false)).collect();
        std::future::ready(Ok(found)).boxed()
    }

    fn look_ups<'a>(
        &'a self,
        _: &'a ListRequest,
        _: &'a Path,
    ) -> BoxFuture<'a, Result<LookUps, ConnectorError>> {
        std::future::ready(Ok(LookUps::Untried)).boxed()
    }

    fn get<'a>(
        &'a self,
        want: &'a ListRequest,
        id: &'a RemoteId,
    ) -> BoxFuture<'a, Result<Presence, ConnectorError>> {
        let found = self.app().remote(want, id.as_str());
        let presence = match found {
            Some(remote) => Presence::Here(Box::new(self.shown(remote, false))),
            None => Presence::Gone(GoneProof::answered_for(id.clone())),
        };
        std::future::ready(Ok(presence)).boxed()
    }

    fn write<'a>(&'a self, op: &'a Op, want: &'a ListRequest, gate: Gate<'a>) -> BoxFuture<'a, Outcome> {
        self.one_write(op, want, gate).boxed()
    }
}

fn outcome(
    app: &App,
    op: &Op,
    want: &ListRequest,
    state: OutcomeState,
    after: Option<Box<Remote>>,
) -> Outcome {
    if state == OutcomeState::Already {
        return Outcome { after: after.map_or(After::NotShown, After::Read), ..Outcome::bare(state) };
    }
    let needs_seat = state.why() == Some(app::NO_SEATS);
    // The connector looks up who has the value.
    let holder = state.why().and_then(|why| why.strip_prefix("409: ")?.split(' ').next()?.parse().ok());
    let side_effects = if state.is_done() { app.side_effects(op) } else { Vec::new() };
    if !state.is_done() {
        return Outcome {
            after: after.map_or(After::NotShown, After::Read),
            needs_seat,
            holder,
            ..Outcome::bare(state)
        };
    }
    let after = after.map_or(After::NotShown, |after| After::Answered(app.answer(op, want, after)));
    Outcome { after, side_effects, needs_seat, ..Outcome::bare(state) }
}

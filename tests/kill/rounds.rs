//! Chooses the kills and tries them all.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::kill::blow::{Blow, Stage};
use crate::kill::reference::Reference;
use crate::kill::world::{Ledger, Setting};
use crate::support::proxy::Edge;
use crate::support::servers::RealServer;

/// The variable that chooses the kills: `all`, `wide`, or one kill.
const VARIABLE: &str = "ROLECALL_KILL";
/// Requests at the same time in the wide setting, where other requests are in flight when the kill comes. The narrow
/// setting has one at a time, so that each request can be killed in its turn.
const WIDE: usize = 8;
/// Cases at the same time, on a branch and in a folder. Cases on a branch mostly wait until a lease runs out.
const WORKERS: [usize; 2] = [5, 3];

/// Tries the kills with one kind of ledger.
pub fn all(ledger: Ledger) {
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    let (narrow, wide) = (Setting { ledger, width: 1 }, Setting { ledger, width: WIDE });
    if !["", "all", "wide"].contains(&&*wanted) && !wanted.starts_with(narrow.name()) {
        return;
    }
    let began = Instant::now();
    let servers = Mutex::new(vec![RealServer::scim2_server()]);
    let first = servers.lock().expect("nobody panics here")[0].fresh();
    let reference = Reference::of(first, narrow);
    let blows: Vec<Blow> = match &*wanted {
        "all" => every(narrow, &reference),
        "wide" => every(wide, &reference),
        "" => sample(narrow, &reference).into_iter().chain(sample(wide, &reference)).collect(),
        one => {
            let both = every(narrow, &reference).into_iter().chain(every(wide, &reference));
            both.filter(|blow| blow.to_string() == one).collect()
        }
    };
    let number = reference.requests.len();
    let name = narrow.name();
    say(&format!("{name}: N = {number} requests ({}), {} kills", reference.tally(), blows.len()));
    assert!(!blows.is_empty(), "{VARIABLE}={wanted} names no kill");

    let next = AtomicUsize::new(0);
    let (failures, applying) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS[usize::from(ledger == Ledger::Path)].min(blows.len()) {
            scope.spawn(|| {
                // Each worker has its own server, so that the workers do not wait for one.
                let taken = servers.lock().expect("nobody panics here").pop();
                let server = taken.unwrap_or_else(RealServer::scim2_server);
                while let Some(blow) = blows.get(next.fetch_add(1, Ordering::SeqCst)) {
                    match struck(*blow, server.fresh(), &reference) {
                        Ok(Stage::Applying) => drop(applying.fetch_add(1, Ordering::SeqCst)),
                        Ok(Stage::Planning) => {}
                        Err(why) => {
                            let request = &reference.requests[blow.request - 1];
                            let why = format!("{VARIABLE}={blow} ({request}): {why}");
                            say(&why);
                            failures.lock().expect("nobody panics here").push(why);
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("nobody panics here");
    say(&format!(
        "{name}: N = {number} requests, {} kills, {} of them under the lease, {} failures, {:.0} s",
        blows.len(),
        applying.into_inner(),
        failures.len(),
        began.elapsed().as_secs_f64()
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Tries one kill. A panic is a failure of this case alone.
fn struck(blow: Blow, server: RealServer, reference: &Reference) -> Result<Stage, String> {
    catch_unwind(AssertUnwindSafe(|| blow.strike(server, reference))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "a panic".to_owned()))
    })
}

fn every(setting: Setting, reference: &Reference) -> Vec<Blow> {
    let requests = 1..=reference.requests.len();
    let blow = |request| Edge::ALL.map(|edge| Blow { setting, request, edge });
    requests.flat_map(blow).collect()
}

/// The first and the last request, and a few of every kind. In the wide setting only a create or a batch, between effect
/// and answer: that is where other requests in flight matter.
fn sample(setting: Setting, reference: &Reference) -> Vec<Blow> {
    let last = reference.requests.len();
    let mut chosen: BTreeSet<(usize, usize)> = BTreeSet::new();
    let places = |kind: &str| {
        let of = |(at, request): (usize, &String)| (request == kind).then_some(at + 1);
        reference.requests.iter().enumerate().filter_map(of).collect::<Vec<_>>()
    };
    let middle = |places: &[usize]| places[places.len() / 2];
    if setting.width > 1 {
        let kind = match setting.ledger {
            Ledger::Git => "POST /Users",
            Ledger::Path => "PATCH /Groups/ID",
        };
        chosen.insert((middle(&places(kind)), 1));
    } else {
        chosen.extend([(2, 0), (last, 2)]);
        chosen.extend((0..3).map(|edge| (middle(&places("POST /Users")), edge)));
        chosen.insert((places("PATCH /Users/ID")[0], 0));
        for kind in ["PATCH /Users/ID", "POST /Groups", "PATCH /Groups/ID"] {
            chosen.insert((middle(&places(kind)), 1));
        }
    }
    let blow = |(request, edge): (usize, usize)| Blow { setting, request, edge: Edge::ALL[edge] };
    chosen.into_iter().map(blow).collect()
}

/// Prints past the capture of the test runner, so that a successful run shows its figures too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "kill loop, {text}");
}

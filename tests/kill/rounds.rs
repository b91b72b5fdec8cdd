//! Chooses the kills and tries them all.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::kill::app::{App, Sample};
use crate::kill::blow::{Blow, Stage};
use crate::kill::reference::Reference;
use crate::kill::world::{Ledger, Setting};
use crate::support::proxy::Edge;

/// The variable that chooses the kills: `all`, `wide`, or one kill.
const VARIABLE: &str = "ROLECALL_KILL";
/// Requests at the same time in the wide setting, where other requests are in flight when the kill comes. The narrow
/// setting has one at a time, so that each request can be killed in its turn.
const WIDE: usize = 8;
/// Cases at the same time, on a branch and in a folder. Cases on a branch mostly wait until a lease runs out.
const WORKERS: [usize; 2] = [5, 3];

/// Tries the kills with one kind of ledger.
pub fn all<A: App>(ledger: Ledger) {
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    let setting = |width| Setting { app: A::PREFIX, ledger, width };
    let (narrow, wide) = (setting(1), setting(WIDE));
    if !["", "all", "wide"].contains(&&*wanted) && !wanted.starts_with(&format!("{}:", narrow.name())) {
        return;
    }
    let began = Instant::now();
    let apps = Mutex::new(vec![A::start()]);
    let first = apps.lock().expect("nobody panics here")[0].fresh();
    let reference = Reference::of(first, narrow);
    let blows: Vec<Blow> = match &*wanted {
        "all" => every(narrow, &reference),
        "wide" => every(wide, &reference),
        "" => sample(narrow, &reference, &A::SAMPLE)
            .into_iter()
            .chain(in_flight(wide, &reference, &A::SAMPLE))
            .collect(),
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
                // Each worker has its own app, so that the workers do not wait for one.
                let taken = apps.lock().expect("nobody panics here").pop();
                let app = taken.unwrap_or_else(A::start);
                while let Some(blow) = blows.get(next.fetch_add(1, Ordering::SeqCst)) {
                    match struck(*blow, app.fresh(), &reference) {
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
fn struck<A: App>(blow: Blow, app: A, reference: &Reference) -> Result<Stage, String> {
    catch_unwind(AssertUnwindSafe(|| blow.strike(app, reference))).unwrap_or_else(|panic| {
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

/// The places of the requests of a kind, from 1.
fn places(reference: &Reference, kind: &str) -> Vec<usize> {
    let of = |(at, request): (usize, &String)| (request == kind).then_some(at + 1);
    let places: Vec<usize> = reference.requests.iter().enumerate().filter_map(of).collect();
    assert!(!places.is_empty(), "no {kind}: {:#?}", reference.requests);
    places
}

fn middle(places: &[usize]) -> usize {
    places[places.len() / 2]
}

/// The first and the last request, and a few of every kind.
fn sample(setting: Setting, reference: &Reference, kinds: &Sample) -> Vec<Blow> {
    let places = |kind: &str| places(reference, kind);
    let mut chosen: BTreeSet<(usize, usize)> = [(2, 0), (reference.requests.len(), 2)].into();
    for kind in kinds.at_each_edge {
        chosen.extend((0..3).map(|edge| (middle(&places(kind)), edge)));
    }
    chosen.extend(kinds.before.iter().map(|kind| (places(kind)[0], 0)));
    chosen.extend(kinds.after.iter().map(|kind| (middle(&places(kind)), 1)));
    let blow = |(request, edge): (usize, usize)| Blow { setting, request, edge: Edge::ALL[edge] };
    chosen.into_iter().map(blow).collect()
}

/// A create or a batch, between effect and answer: that is where other requests in flight matter.
fn in_flight(setting: Setting, reference: &Reference, kinds: &Sample) -> Option<Blow> {
    let [on_a_branch, in_a_folder] = kinds.in_flight?;
    let kind = match setting.ledger {
        Ledger::Git => on_a_branch,
        Ledger::Path => in_a_folder,
    };
    Some(Blow { setting, request: middle(&places(reference, kind)), edge: Edge::AfterEffect })
}

/// Prints past the capture of the test runner, so that a successful run shows its figures too.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "kill loop, {text}");
}

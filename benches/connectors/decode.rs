//! What a page takes: the same pages, read by a document and by SCIM. Decoding alone, and all that a page takes from its bytes on.

use std::process::Command;
use std::time::{Duration, Instant};

use rolecall::catalog::{Definition, scim};
use rolecall::config::{self, Source};
use rolecall::connector::{RawPage, pages};
use rolecall::model::Kind;
use rolecall::model::remote::{ListRequest, Walk};

use super::line::Line;
use super::staged::Engine;
use crate::bench::app::{Here, PAGE};
use crate::bench::company::{Company, Size};
use crate::bench::measure;
use crate::bench::pairs::median;
use crate::rig::{self, Rig};

const PAGES: usize = 40;
const ROUNDS: usize = 9;

pub fn measure() {
    let company = Company::generate(Size::of(PAGES * PAGE), 20_261_122);
    let app = Here::start(&company);
    alone(&app.url);
    from_its_bytes_on(&app.url);
}

/// Decoding, on one thread, in turn. A document's walk has parsed the page before, which only the figure below counts.
fn alone(url: &str) {
    let read = Engine::BOTH.map(|engine| (engine, open(engine, url)));
    let read = read.map(|(engine, rig)| {
        let (raw, want) = (raw(&rig, engine), want(engine));
        (rig, raw, want)
    });
    let bytes = read.each_ref().map(|(_, raw, _)| raw.iter().map(|page| page.body.len()).sum::<usize>());
    assert_eq!(bytes[0], bytes[1], "both read the same pages");
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (side, (rig, raw, want)) in read.iter().enumerate() {
            let begin = Instant::now();
            let rows: usize = raw.iter().map(|page| rows(rig, want, page)).sum();
            assert_eq!(rows, PAGES * PAGE, "every row is an account");
            // The first round warms up.
            if round > 0 {
                times[side].push(per_page(begin.elapsed()));
            }
        }
    }
    report("decode, a page of 1000 accounts", times);
}

fn rows(rig: &Rig, want: &ListRequest, page: &RawPage) -> usize {
    rig.connector.decode(want, page).unwrap_or_else(|error| panic!("{error}")).rows.len()
}

/// Walking and decoding, as the CPU time of a process of its own.
fn from_its_bytes_on(url: &str) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (side, engine) in Engine::BOTH.iter().enumerate() {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            let scratch = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-connectors-read");
            let run = measure::run(command.args(["read", engine.name(), url]), &scratch);
            assert_eq!(run.status, Some(0), "{}", run.stderr);
            times[side].push(per_page(run.cpu));
        }
    }
    report("walk and decode, CPU per page", times);
}

/// What the child does.
pub fn read(engine: &str, url: &str) {
    let engine = Engine::BOTH.into_iter().find(|one| one.name() == engine).expect("an engine");
    let rig = open(engine, url);
    let (rows, walk) = rig.list(&want(engine)).unwrap_or_else(|error| panic!("{error}"));
    assert!(rows.len() == PAGES * PAGE && matches!(walk, Walk::Complete(_)), "the list is whole");
}

fn per_page(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0 / PAGES as f64
}

fn report(name: &str, times: [Vec<f64>; 2]) {
    let [scim, document] = times.map(median);
    Line { name, figure: document, unit: "ms", beside: "SCIM", other: scim, aim: 1.3 }.print();
}

fn open(engine: Engine, url: &str) -> Rig {
    let (definition, url) = match engine {
        Engine::Scim => (scim::definition(), format!("{url}/scim/v2")),
        Engine::Document => (twin(), url.to_owned()),
    };
    let rig = rig::app(&url, "").try_open_given(definition, crate::bench::repo::SECRET);
    rig.unwrap_or_else(|error| panic!("{error}"))
}

fn twin() -> Definition {
    let files = [("rolecall.yaml", "version: 1\n"), ("access/connector.yaml", include_str!("twin.yaml"))];
    let loaded = config::load(&Source::in_memory(files), &config::catalog());
    assert!(!loaded.diagnostics.has_errors());
    Definition::clone(loaded.catalog.get("twin").expect("the connector"))
}

/// The attributes of the default mapping, as each engine names them.
fn want(engine: Engine) -> ListRequest {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let (department, manager) = (format!("{enterprise}:department"), format!("{enterprise}:manager.value"));
    let names = ["userName", "externalId", "displayName", "title"];
    let others = match engine {
        Engine::Scim => {
            ["name.givenName", "name.familyName", r#"emails[type eq "work"].value"#, &department, &manager]
        }
        Engine::Document => ["givenName", "familyName", "email", "department", "manager"],
    };
    rig::want(Kind::User, &[&names[..], &others[..]].concat())
}

fn raw(rig: &Rig, engine: Engine) -> Vec<RawPage> {
    let want = want(engine);
    rig.runtime.block_on(async {
        let (out, mut all) = pages(1);
        let read = async {
            let mut kept = Vec::new();
            while let Some(page) = all.recv().await {
                kept.push(page);
            }
            kept
        };
        let (walk, mut kept) = tokio::join!(rig.connector.list(&want, out), read);
        assert!(matches!(walk, Ok(Walk::Complete(_))), "the list is whole");
        // The page beyond the end has no rows.
        kept.retain(|page| page.rows > 0);
        kept
    })
}

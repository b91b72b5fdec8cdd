//! The report after an apply.

use insta::assert_snapshot;

use crate::model::change::{Cause, Change, ChangeKind};
use crate::model::op::OutcomeKind;
use crate::model::result::{AppResult, ChangeResult, NotKept, RunResult};
use crate::render::Style;
use crate::render::applied::{self, summary_line};
use crate::render::sample::{create, life, member, role};

fn settled(change: Change, outcome: OutcomeKind, why: &str) -> ChangeResult {
    ChangeResult {
        key: change.key,
        kind: change.kind,
        privileged: change.privileged,
        outcome,
        why: (!why.is_empty()).then(|| why.to_owned()),
    }
}

fn report() -> RunResult {
    let mut settled = vec![
        settled(create("grace", "grace@acme.example"), OutcomeKind::Written, ""),
        settled(role("ada", "admin", ChangeKind::RoleGrant, Cause::Config), OutcomeKind::Already, ""),
        settled(
            life("eve", ChangeKind::Disable, Cause::Left),
            OutcomeKind::Refused,
            "PATCH /Users/2819: 403 Forbidden: the token may not write; give it the scope users:write",
        ),
        settled(
            member("carol", "auditors", ChangeKind::MemberRemove, Cause::Expiry),
            OutcomeKind::Unknown,
            "PATCH /Groups/7: no answer within 30s\u{1b}[2J",
        ),
    ];
    for number in 0..14 {
        let change = role(&format!("u{number:02}"), "member", ChangeKind::RoleGrant, Cause::Config);
        settled.push(self::settled(change, OutcomeKind::NotSent, "the lease was lost"));
    }
    RunResult {
        run: "2026-07-29T09-20-11-4be1".into(),
        plan: "3f9c2a1be07d4415".to_owned(),
        apps: vec![AppResult {
            app: "15five".into(),
            stopped: Some("the lease was lost to run 9f01 of ci@runner-3; run apply again".to_owned()),
            side_effects: vec![],
            not_kept: vec![NotKept {
                key: create("grace", "x").key,
                text: "displayName: asked for Grace Hopper, the app keeps Hopper".to_owned(),
            }],
            changes: settled,
            held: 5,
            people: [("eve".into(), "Eve Adams".to_owned())].into(),
            is_recorded: true,
            halted: None,
            open: 0,
        }],
    }
}

#[test]
fn what_went_wrong_comes_first_and_whole() {
    let style = Style { colour: false, verbose: 0, width: 100 };
    assert_snapshot!(applied::text(&report(), &style));
    let verbose = applied::text(&report(), &Style { verbose: 1, ..style });
    assert!(verbose.contains("grace  create account") && verbose.contains("u13"));
}

#[test]
fn the_report_as_json() {
    let mut report = report();
    report.apps[0].changes.truncate(3);
    assert_snapshot!(applied::json(&report));
}

#[test]
fn nothing_done_is_said() {
    let empty = RunResult { run: "r".into(), plan: "p".to_owned(), apps: Vec::new() };
    assert_eq!(summary_line(&empty), "nothing was to be done");
}

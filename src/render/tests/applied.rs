//! The report after an apply.

use insta::assert_snapshot;

use crate::model::change::{Cause, Change, ChangeKind};
use crate::render::Style;
use crate::render::applied::{self, Applied, AppliedApp, NotKept, OutcomeWord, Settled, summary_line};
use crate::render::sample::{create, life, member, role};

fn settled(change: Change, outcome: OutcomeWord, why: &str) -> Settled {
    Settled {
        key: change.key,
        kind: change.kind,
        privileged: change.privileged,
        outcome,
        why: (!why.is_empty()).then(|| why.to_owned()),
    }
}

fn report() -> Applied {
    let mut settled = vec![
        settled(create("grace", "grace@acme.example"), OutcomeWord::Written, ""),
        settled(role("ada", "admin", ChangeKind::RoleGrant, Cause::Config), OutcomeWord::Already, ""),
        settled(
            life("eve", ChangeKind::Disable, Cause::Left),
            OutcomeWord::Refused,
            "PATCH /Users/2819: 403 Forbidden: the token may not write; give it the scope users:write",
        ),
        settled(
            member("carol", "auditors", ChangeKind::MemberRemove, Cause::Expiry),
            OutcomeWord::Unknown,
            "PATCH /Groups/7: no answer within 30s\u{1b}[2J",
        ),
    ];
    for number in 0..14 {
        let change = role(&format!("u{number:02}"), "member", ChangeKind::RoleGrant, Cause::Config);
        settled.push(self::settled(change, OutcomeWord::NotSent, "the lease was lost"));
    }
    Applied {
        run: "2026-07-29T09-20-11-4be1".to_owned(),
        plan: "3f9c2a1be07d4415".to_owned(),
        apps: vec![AppliedApp {
            app: "15five".into(),
            stopped: Some("the lease was lost to run 9f01 of ci@runner-3; run apply again".to_owned()),
            not_kept: vec![NotKept {
                key: create("grace", "x").key,
                text: "displayName: asked for Grace Hopper, the app keeps Hopper".to_owned(),
            }],
            settled,
            held: 5,
            people: [("eve".into(), "Eve Adams".to_owned())].into(),
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
    report.apps[0].settled.truncate(3);
    assert_snapshot!(applied::json(&report));
}

#[test]
fn nothing_done_is_said() {
    let empty = Applied { run: "r".to_owned(), plan: "p".to_owned(), apps: Vec::new() };
    assert_eq!(summary_line(&empty), "nothing was to be done");
}

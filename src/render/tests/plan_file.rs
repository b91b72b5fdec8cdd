//! A stored plan: what is written, and what is not believed.

use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::model::change::{Cause, ChangeKind, Reason};
use crate::model::fact::Fact;
use crate::plan::Plan;
use crate::render::sample::{self, member, place, user};
use crate::render::{PlanFileError, Style, json as to_json, parse_plan, text};

fn stored() -> Plan {
    sample::ordinary()
}

/// The stored sample with one place changed.
fn damaged(pointer: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(&to_json(&stored())).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    document.to_string()
}

fn refusal(text: &str) -> String {
    parse_plan(text).unwrap_err().to_string()
}

#[test]
fn the_public_format() {
    let mut plan = stored();
    plan.apps[0]
        .changes
        .retain(|change| ["ada", "grace", "hana"].iter().any(|id| change.key.to_string().contains(id)));
    assert_snapshot!(to_json(&plan));
}

#[test]
fn what_was_stored_reads_back_the_same() {
    for plan in [stored(), sample::large(50)] {
        let out = to_json(&plan);
        let back = parse_plan(&out).unwrap();
        assert_eq!(back, plan);
        assert_eq!(to_json(&back), out);
        assert_eq!(text(&back, &Style::PLAIN), text(&plan, &Style::PLAIN));
    }
}

#[test]
fn facts_that_were_stored_as_words_are_folded_as_before() {
    let member_of = |id: &str, line: u32| {
        let fact = Fact::Member { member: user(id), group: "sales".into(), remark: None };
        let place = Some(place(&format!("access/groups.yaml:{line}")));
        let mut gain = member(id, "platform", ChangeKind::MemberAdd, Cause::Config);
        gain.reasons = vec![Reason { fact, place }];
        gain
    };
    let ids: Vec<_> = (0..12).map(|number| format!("u{number:02}")).collect();
    let changes = ids.iter().zip(1..).map(|(id, line)| member_of(id, line)).collect();
    let plan = sample::plan(vec![sample::app(sample::APP, changes)]);
    let out = text(&plan, &Style::PLAIN);
    assert!(out.contains("because each is a member of group:sales\n"), "{out}");
    let stored = to_json(&Plan { id: "0123456789abcdef".to_owned(), ..plan });
    let back = Plan { id: "3f9c2a1be07d4415".to_owned(), ..parse_plan(&stored).unwrap() };
    assert_eq!(text(&back, &Style::PLAIN), out);
}

#[test]
fn what_no_plan_is_refused_with_a_reason() {
    assert_eq!(refusal(""), "the plan file is not valid JSON at line 1, column 0: EOF while parsing a value");
    assert_eq!(refusal("[]"), "the file is not a plan: it has no `format` number");
    assert_eq!(refusal("{}"), "the file is not a plan: it has no `format` number");
    assert_eq!(refusal("{\"format\": \"1\"}"), "the file is not a plan: it has no `format` number");
    assert_eq!(refusal("{\"format\": 1}"), "the plan file has format 1; this version reads format 2");
    assert_eq!(refusal("{\"format\": 2}"), "the plan file is damaged: line 1, column 13: missing field `id`");
    let cut = to_json(&stored());
    assert!(matches!(parse_plan(&cut[..cut.len() / 2]), Err(PlanFileError::NotJson { .. })));
    assert!(matches!(parse_plan(&format!("{cut}{{}}")), Err(PlanFileError::NotJson { .. })));
}

#[test]
fn what_contradicts_itself_is_refused() {
    let app = "/apps/0";
    for (pointer, value, why) in [
        ("/id", json!("3F9C"), "`id` is not 16 hexadecimal digits"),
        ("/apps/0/app", json!("other"), "change 15five/user:ada/role:admin stands under app 'other'"),
        (
            "/apps/0/changes/0/kind",
            json!("disable"),
            "change 15five/user:ada/role:admin cannot be of kind 'disable'",
        ),
        (
            "/apps/0/changes/0/key/object/user",
            json!("zoe"),
            "change 15five/user:bob/attribute:title is there twice or out of order",
        ),
        ("/apps/0/status", json!("disabled"), "app '15five' was not planned, yet has changes to do"),
    ] {
        assert_eq!(
            refusal(&damaged(pointer, value)),
            format!("the plan file is damaged: {why}"),
            "{pointer}"
        );
    }
    let mut twice = stored();
    twice.apps.push(twice.apps[0].clone());
    assert_eq!(
        refusal(&to_json(&twice)),
        "the plan file is damaged: app '15five' is there twice or out of order"
    );
    let phase = refusal(&damaged("/apps/0/changes/0/phase", json!(0)));
    assert!(phase.ends_with(": phase 0; phases are 1 to 9"), "{phase}");
    let unknown = refusal(&damaged(&format!("{app}/changes/0/kind"), json!("explode\u{1b}[2J")));
    assert!(
        unknown.contains("unknown variant `explode\\\\u{1b}[2J`")
            || unknown.contains("unknown variant `explode\\u{1b}[2J`"),
        "{unknown}"
    );
}

#[test]
fn keys_of_a_later_version_are_ignored() {
    let mut document: Value = serde_json::from_str(&to_json(&stored())).unwrap();
    document["later"] = json!(1);
    document["apps"][0]["later"] = json!(1);
    document["apps"][0]["changes"][0]["later"] = json!(1);
    assert_eq!(parse_plan(&document.to_string()).unwrap(), stored());
}

#[test]
fn hostile_files_neither_panic_nor_nest_without_end() {
    let deep = format!("{{\"format\": 1, \"x\": {}", "[".repeat(1_000_000));
    assert!(matches!(parse_plan(&deep), Err(PlanFileError::NotJson { .. })));
    let full = to_json(&stored());
    let bytes: Arc<[u8]> = full.as_bytes().into();
    for at in (0..bytes.len()).step_by(13) {
        for put in [b'}', b'"', b'0', b'['] {
            let mut copy = bytes.to_vec();
            copy[at] = put;
            if let Ok(plan) =
                String::from_utf8(copy).map_err(drop).and_then(|text| parse_plan(&text).map_err(drop))
            {
                text(&plan, &Style::PLAIN);
            }
        }
    }
}

#[test]
fn every_refusal_has_a_hint() {
    for error in [
        PlanFileError::NotAPlan,
        PlanFileError::TooLarge { bytes: 1 << 40 },
        PlanFileError::UnknownFormat { found: 9 },
    ] {
        assert!(error.hint().contains("make it again") || error.hint().contains("--out"));
    }
}

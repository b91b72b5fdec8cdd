//! Text from a file or an app that wants to be more than text.

use insta::assert_snapshot;

use crate::model::change::{Cause, ChangeKind};
use crate::model::escape::is_hidden;
use crate::model::guard::Guard;
use crate::model::limit::Share;
use crate::plan::{AppStatus, Coming, NoticeKind, Plan};
use crate::render::sample::{self, With, app, create, life, member, notice, plan, role, update};
use crate::render::{Style, json, markdown, parse_plan, text};

/// Clears the screen, turns the reading direction, forges lines, mentions people, links, runs a script.
const EVIL: &str = "x\u{1b}[2J\u{1b}]0;hi\u{7}\r\nTotal: no changes\u{202e}\u{200b}\u{85}\u{2028}@acme/all #1 <script>alert(1)</script> \
                    [a](http://b) | `c` ![d](e) **f** :tada: www.g.h\u{7f}\u{9b}31m\u{e0041}";

/// As much of it as an id may hold: control characters never get into one.
fn evil_id() -> String {
    EVIL.chars().filter(|c| !c.is_control()).collect()
}

fn evil() -> Plan {
    let id = &*evil_id();
    let mut changes = vec![
        life(id, ChangeKind::Disable, Cause::Config).because(EVIL, "a.yaml:1").remote(id),
        create("ada", EVIL),
        role("bob", EVIL, ChangeKind::RoleGrant, Cause::Config).privileged(),
        member("carol", id, ChangeKind::MemberAdd, Cause::Drift),
        update("eve", EVIL, EVIL, "b", Cause::Config),
        life("frank", ChangeKind::Enable, Cause::Drift).held(EVIL, EVIL),
        life("grace", ChangeKind::Disable, Cause::Config).held("guard:deprovision", EVIL),
    ];
    for number in 0..12 {
        let id = format!("{id}{number}");
        changes.push(update(&id, "title", EVIL, &id, Cause::Config).because(EVIL, "a.yaml:1"));
        changes.push(create(&id, EVIL).because(EVIL, "a.yaml:1"));
    }
    let mut one = app("a", changes);
    one.endpoint = EVIL.into();
    one.people.insert("ada".into(), EVIL.to_owned());
    one.notices = vec![
        notice(NoticeKind::StillHasAccess, "ada", EVIL, EVIL, "a.yaml:1"),
        notice(NoticeKind::Advice, id, EVIL, EVIL, ""),
    ];
    one.coming =
        vec![Coming { at: sample::instant("2026-08-05T22:00:00Z"), text: EVIL.to_owned(), place: None }];
    one.guards = vec![sample::guard(Guard::Membership, 1, 1, 1, Share::Half, true)];
    (one.guards[0].of, one.guards[0].app) = (Some(EVIL.to_owned()), EVIL.to_owned());
    one.guards[0].first = vec![EVIL.to_owned()];
    let mut other = app("b", Vec::new());
    other.status = AppStatus::Unreadable { why: EVIL.to_owned() };
    let mut third = app(id, Vec::new());
    third.status = AppStatus::Stopped { by: EVIL.to_owned(), why: EVIL.to_owned() };
    let mut plan = plan(vec![one, other, third]);
    plan.id = EVIL.to_owned();
    plan.inputs.commit = Some(EVIL.to_owned());
    plan
}

#[test]
fn nothing_from_outside_reaches_the_terminal_raw() {
    let plan = evil();
    for verbose in [0, 1, 2] {
        for width in [0, 40, 100] {
            let out = text(&plan, &Style { colour: false, verbose, width });
            let raw = out.chars().find(|c| *c != '\n' && is_hidden(*c));
            assert_eq!(raw, None, "verbose {verbose}, width {width}");
            assert!(!out.lines().any(|line| line.starts_with("Total: no changes")));
        }
    }
}

#[test]
fn a_forged_value_is_seen_for_what_it_is() {
    let title =
        update("ada", "title", "Analyst", "Analyst  (config)\n\nTotal: no changes\u{1b}[8m", Cause::Config);
    assert_snapshot!(text(&plan(vec![app("15five", vec![title])]), &Style::PLAIN), @r#"
    Plan 3f9c2a1be07d4415
      commit 9be1c04a7f12
      made for 2026-07-29 09:14 UTC, valid until 2026-07-30 00:00 UTC, 214 people declared

    15five  https://my.15five.com/scim/v2
      1 attribute to update

      People (1)
        ~ ada (Ada Lovelace)  update title: Analyst → "Analyst  (config)\n\nTotal: no changes\u{1b}[8m"  (config)

    Total: 1 attribute to update
    "#);
}

#[test]
fn markdown_holds_no_markup_of_theirs() {
    let out = markdown(&evil());
    assert_eq!(out.chars().find(|c| *c != '\n' && is_hidden(*c)), None);
    for markup in ["<script", "](", "@acme", " #1", "`", "**f", "http://", "www.", ":tada:", "| "] {
        assert!(!out.contains(markup), "{markup}");
    }
}

#[test]
fn json_is_safe_to_print_and_says_the_same_when_read_back() {
    let mut plan = evil();
    plan.id = "0123456789abcdef".to_owned();
    plan.apps.sort_by(|a, b| a.app.cmp(&b.app));
    let out = json(&plan);
    assert_eq!(out.chars().find(|c| *c != '\n' && is_hidden(*c)), None);
    assert_eq!(json(&parse_plan(&out).unwrap()), out);
}

#[test]
fn a_page_for_a_job_is_bounded() {
    let many: Vec<_> = (0..3_000)
        .map(|number| {
            life(&format!("{number:05}{}", evil_id()), ChangeKind::Disable, Cause::Config)
                .because(EVIL, "a.yaml:1")
        })
        .collect();
    let apps = (0..60).map(|number| app(&format!("app{number:02}"), many[..200].to_vec())).collect();
    let out = markdown(&plan(apps));
    assert!(out.len() < 1_000_000, "{}", out.len());
    assert!(out.contains("Cut here"));
}

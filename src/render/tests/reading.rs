//! The text a person decides by.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::guard::Guard;
use crate::model::limit::Share;
use crate::plan::{AppStatus, NoticeKind, Plan};
use crate::render::sample::{self, With, app, change, guard, life, member, notice, plan, role, update};
use crate::render::sections::{Items, sections};
use crate::render::{Style, markdown, summary_line, text};

const WIDE: Style = Style { colour: false, verbose: 0, width: 100 };

fn wide(plan: &Plan) -> String {
    text(plan, &WIDE)
}

#[test]
fn a_handful_of_changes() {
    assert_snapshot!(wide(&sample::ordinary()));
}

#[test]
fn a_handful_of_changes_in_full() {
    assert_snapshot!(text(&sample::ordinary(), &Style { verbose: 2, ..WIDE }));
}

#[test]
fn a_handful_of_changes_on_a_narrow_terminal() {
    let out = text(&sample::ordinary(), &Style { width: 60, ..WIDE });
    assert_snapshot!(out);
    let too_long = |line: &&str| line.chars().count() > 60;
    assert_eq!(out.lines().find(too_long), None);
}

#[test]
fn a_handful_of_changes_as_markdown() {
    assert_snapshot!(markdown(&sample::ordinary()));
}

#[test]
fn three_thousand_new_accounts_fit_on_a_page_and_hide_no_loss() {
    let plan = sample::large(3_000);
    let begun = std::time::Instant::now();
    let out = wide(&plan);
    assert!(begun.elapsed().as_secs() < 5, "took {:?}", begun.elapsed());
    assert_snapshot!(out);
    assert!(markdown(&plan).len() < 20_000);
    assert!(text(&plan, &Style { verbose: 1, ..WIDE }).lines().count() > 20_000);
}

#[test]
fn nothing_to_do_is_said_plainly() {
    let mut one = app("github", Vec::new());
    one.accounts = 1;
    assert_snapshot!(wide(&plan(vec![app("15five", Vec::new()), one])), @r"
    Plan 3f9c2a1be07d4415
      commit 9be1c04a7f12
      made for 2026-07-29 09:14 UTC, valid until 2026-07-30 00:00 UTC, 214 people declared

    15five  https://my.15five.com/scim/v2
      No changes. 210 accounts in 15five match the repository.
    github  https://my.github.com/scim/v2
      No changes. 1 account in github matches the repository.

    2 apps: 2 without changes
    Total: no changes
    ");
}

#[test]
fn a_plan_without_apps_says_so() {
    assert!(wide(&plan(Vec::new())).ends_with("nothing to plan.\n"));
}

#[test]
fn apps_that_were_not_planned_stand_out() {
    let mut unreadable = app("github", Vec::new());
    unreadable.status = AppStatus::Unreadable {
        why: "GET /Users: 401 Unauthorized: the token in GITHUB_TOKEN is refused; renew it".to_owned(),
    };
    let why = "12 of 14 files are there; access/people/sales.yaml with 40 people is gone";
    let held = |id: &str| life(id, ChangeKind::Disable, Cause::Config).held("shrunken-source", why);
    let mut stopped = app("15five", vec![held("ada"), held("bob"), held("carol")]);
    stopped.status = AppStatus::Stopped { by: "shrunken-source".to_owned(), why: why.to_owned() };
    let mut disabled = app("wiki", Vec::new());
    disabled.status = AppStatus::Disabled;
    disabled.notices =
        vec![notice(NoticeKind::Owed, "eve", "declared left, account 12 was never disabled", "", "")];
    let mut partial = plan(vec![stopped, unreadable, disabled, app("slack", Vec::new())]);
    partial.inputs.partial = true;
    partial.inputs.dirty = true;
    partial.inputs.rehearsal = true;
    partial.inputs.ledger.clear();
    assert_snapshot!(wide(&partial));
}

#[test]
fn the_same_attribute_on_many_people_is_one_line_whatever_the_values() {
    let mut changes = Vec::new();
    for number in 0..30 {
        let id = format!("u{number:02}");
        let old = if number < 20 { "Engineer" } else { "Senior Engineer" };
        let new = if number < 20 { "Software Engineer" } else { "Senior Software Engineer" };
        changes.push(update(&id, "title", old, new, Cause::Config));
        changes.push(update(
            &id,
            "displayname",
            &format!("Given{id} Family{id}"),
            &format!("Family{id}, Given{id}"),
            Cause::Config,
        ));
        let mut secret = update(&id, "salaryband", "(sensitive)", "(sensitive)", Cause::Drift);
        secret.old.hash = None;
        secret.new.hash = None;
        changes.push(secret);
    }
    assert_snapshot!(wide(&plan(vec![app("15five", changes)])));
}

#[test]
fn losses_privilege_drifted_access_and_logins_are_never_folded() {
    let mut changes = Vec::new();
    for number in 0..40 {
        let id = |kind: &str| format!("{kind}{number:02}");
        changes.push(member(&id("removed"), "platform", ChangeKind::MemberRemove, Cause::Config));
        changes.push(role(&id("revoked"), "member", ChangeKind::RoleRevoke, Cause::Config));
        changes.push(life(&id("disabled"), ChangeKind::Disable, Cause::Left));
        changes.push(role(&id("privileged"), "admin", ChangeKind::RoleGrant, Cause::Config).privileged());
        changes.push(member(&id("drifted"), "platform", ChangeKind::MemberAdd, Cause::Drift));
        changes.push(update(&id("login"), "username", "a", "b", Cause::Config));
    }
    let out = wide(&plan(vec![app("15five", changes)]));
    for kind in ["removed", "revoked", "disabled", "privileged", "drifted", "login"] {
        for number in 0..40 {
            assert_eq!(out.matches(&format!("{kind}{number:02}")).count(), 1, "{kind}{number:02}");
        }
    }
    assert!(!out.contains("many people"));
}

#[test]
fn people_with_a_loss_keep_everything_in_one_place() {
    let mut changes = vec![role("ada", "member", ChangeKind::RoleRevoke, Cause::Config)];
    for id in ["ada", "bob", "carol", "eve"] {
        changes.push(update(id, "department", "Eng", "Engineering", Cause::Config));
    }
    assert_snapshot!(wide(&plan(vec![app("15five", changes)])), @r"
    Plan 3f9c2a1be07d4415
      commit 9be1c04a7f12
      made for 2026-07-29 09:14 UTC, valid until 2026-07-30 00:00 UTC, 214 people declared

    15five  https://my.15five.com/scim/v2
      1 role to revoke, 4 attributes to update

      Losing access: 1 role revoked
        ~ ada (Ada Lovelace)
          - revoke role member  (config)
          ~ update department: Eng → Engineering  (config)

      The same for many people  (-v lists each)
        ~ update department: Eng → Engineering, on 3 people  (config)
            bob, carol, eve

    Total: 1 role to revoke, 4 attributes to update
    ");
}

#[test]
fn who_loses_something_and_gains_privilege_is_named_twice_and_shown_once() {
    let changes = vec![
        role("ada", "member", ChangeKind::RoleRevoke, Cause::Config),
        role("ada", "admin", ChangeKind::RoleGrant, Cause::Config).privileged(),
        role("bob", "admin", ChangeKind::RoleGrant, Cause::Config).privileged(),
    ];
    assert_snapshot!(wide(&plan(vec![app("15five", changes)])));
}

#[test]
fn groups_unmanaged_members_and_unmanaged_accounts() {
    let group = |id: &str| Object::Group(id.parse().unwrap());
    let mut rename = change(group("sre"), Facet::Life, ChangeKind::GroupRename, Cause::Drift);
    (rename.old, rename.new) = (sample::shown("SRE old"), sample::shown("SRE"));
    let account = |remote: &str| {
        change(Object::Account(remote.parse().unwrap()), Facet::Life, ChangeKind::Disable, Cause::Unmanaged)
    };
    let mut printer = account("9001");
    printer.old = Shown { text: Some("printer@acme.example".to_owned()), hash: None };
    let changes = vec![
        change(group("new"), Facet::Life, ChangeKind::GroupCreate, Cause::Config)
            .because("group:new is pushed", "access/apps.yaml:9"),
        change(group("old"), Facet::Life, ChangeKind::GroupDelete, Cause::Config)
            .because("group:old is not pushed any more", "access/apps.yaml:9"),
        rename,
        change(group("sre"), Facet::UnmanagedMember("8000".into()), ChangeKind::MemberRemove, Cause::Drift),
        change(
            Object::Role("auditor".into()),
            Facet::Member("ada".into()),
            ChangeKind::RoleGrant,
            Cause::Config,
        ),
        change(Object::Role("auditor".into()), Facet::Life, ChangeKind::Adopt, Cause::Config).remote("g-4"),
        life("bob", ChangeKind::Relink, Cause::Config).remote("77"),
        life("old-bob", ChangeKind::Forget, Cause::Config),
        printer,
    ];
    assert_snapshot!(wide(&plan(vec![app("15five", changes)])));
}

#[test]
fn guards_say_what_they_counted_and_what_helps() {
    let why =
        |id: &str| format!("{id} is among the last active holders of role admin; at least 2 must remain");
    let held = |id: &str, cause| {
        role(id, "admin", ChangeKind::RoleRevoke, cause).privileged().held("guard:min_members", &why(id))
    };
    let sentence = "membership of group:platform: 30 people, 20 allowed (half of 40)";
    let mut changes = vec![held("ada", Cause::Config), held("bob", Cause::Config), held("eve", Cause::Left)];
    for number in 0..30 {
        let id = format!("u{number:02}");
        changes.push(
            member(&id, "platform", ChangeKind::MemberRemove, Cause::Config)
                .held("guard:membership", sentence),
        );
    }
    let mut app = app("15five", changes);
    let mut least = guard(Guard::MinMembers, 3, 3, 2, Share::Half, true);
    (least.of, least.share, least.allow) = (Some("role:admin".to_owned()), None, None);
    let mut one_group = guard(Guard::Membership, 30, 40, 20, Share::Half, true);
    one_group.of = Some("group:platform".to_owned());
    let mut leavers = guard(Guard::Leavers, 3, 210, 10, Share::Percent(5), false);
    leavers.recent = 2;
    let mut allowed = guard(Guard::Create, 60, 100, 25, Share::Percent(25), false);
    allowed.allowed = true;
    app.guards = vec![leavers, allowed, one_group, least];
    assert_snapshot!(wide(&plan(vec![app])));
}

#[test]
fn colour_carries_nothing_alone() {
    for verbose in [0, 1, 2] {
        let plain = text(&sample::ordinary(), &Style { verbose, ..WIDE });
        let coloured = text(&sample::ordinary(), &Style { verbose, colour: true, ..WIDE });
        assert_ne!(plain, coloured);
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }
}

/// Rule 13: what another hand did stands on top, also if it was done to many.
#[test]
fn rule_13_many_held_for_one_reason_are_one_decision_on_top() {
    let held = |id: &str, by: &str, why: &str| {
        let verdict = Verdict::Held { by: by.into(), why: why.to_owned() };
        Change { verdict, ..life(id, ChangeKind::Enable, Cause::Drift) }
    };
    let many = ["ada", "bob", "eve", "kim"].map(|id| held(id, "drift", "one reason for all"));
    let one = held("zoe", "drift", "a reason of her own");
    let dated = ["p1", "p2", "p3", "p4"].map(|id| held(id, "clock", "a date decides this"));
    let new = life("new", ChangeKind::Create, Cause::Config);
    let changes = many.into_iter().chain([one, new]).chain(dated);
    assert_snapshot!(wide(&plan(vec![app("github", changes.collect())])), @r"
    Plan 3f9c2a1be07d4415
      commit 9be1c04a7f12
      made for 2026-07-29 09:14 UTC, valid until 2026-07-30 00:00 UTC, 214 people declared

    github  https://my.github.com/scim/v2
      1 account to create; 9 changes held back

      Held for you to decide, not done by apply
        ! zoe  enable account  (drift)
            held by drift: a reason of her own

      Held for you to decide together, not done by apply: 4 changes
        by drift: one reason for all
          + enable account, 4 people  (drift): ada (Ada Lovelace), bob (Bob Stone), eve (Eve Adams), kim

      People (1)
        + new  create account  (config)

      Held back, not done by apply: 4 changes
        by clock: a date decides this
          + enable account, 4 people  (drift): p1, p2, p3, p4

    Total: 1 account to create; 9 changes held back
    ");
}

#[test]
fn every_change_is_in_exactly_one_place() {
    for plan in [sample::ordinary(), sample::large(200)] {
        for unfold in [false, true] {
            let app = &plan.apps[0];
            let mut seen: Vec<&Change> = Vec::new();
            for section in sections(app.into(), unfold) {
                match section.items {
                    Items::Decisions(changes) | Items::Ledger(changes) => seen.extend(changes),
                    Items::Blocks(blocks) | Items::Privileged { blocks, .. } => {
                        seen.extend(blocks.iter().flat_map(|block| &block.changes));
                    }
                    Items::Folds(folds) => seen.extend(folds.iter().flat_map(|fold| &fold.changes)),
                    Items::Held(held) => seen.extend(held.iter().flat_map(|by| by.alike.iter().flatten())),
                    Items::Notices(..) | Items::Guards(_) | Items::Coming(_) => {}
                }
            }
            assert_eq!(seen.len(), app.changes.len());
            let keys: BTreeSet<_> = seen.iter().map(|change| &change.key).collect();
            assert_eq!(keys.len(), app.changes.len());
        }
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let once = wide(&sample::large(300));
    assert!((0..5).all(|_| wide(&sample::large(300)) == once));
}

#[test]
fn totals_in_one_line() {
    let mut all_held = sample::ordinary();
    for change in &mut all_held.apps[0].changes {
        change.verdict = Verdict::Held { by: "guard:x".into(), why: String::new() };
    }
    assert_eq!(summary_line(&all_held), "nothing to do; 21 changes held back");
    assert_eq!(
        summary_line(&sample::large(1)),
        "1 account to create, 1 account to disable, 2 roles to grant, 1 member to add"
    );
}

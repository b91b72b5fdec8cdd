//! Rule 15: `protect`.

use insta::assert_snapshot;

use super::world::{World, world};

fn ada() -> World {
    world()
        .person("ada", "title: Analyst")
        .assign("", "user:ada")
        .completed()
        .account("1 userName=ada@x.example externalId=ada email=Glass@x.example")
        .link("ada 1")
}

#[test]
fn rule_15_every_name_of_an_account_protects_it() {
    assert_snapshot!(ada().plan().short(), @"3 update user:ada/attribute:title: nothing -> Analyst (config)");
    for name in ["1", "ADA", "Ada@X.example", "glass@x.example"] {
        assert_eq!(ada().app(&format!("protect: ['{name}']")).plan().short(), "", "{name}");
    }
}

/// A letter with its accent may be written as one character or as two.
#[test]
fn rule_15_a_name_in_another_spelling_protects_too() {
    let zoe = |login: &str| ada().account(&format!("1 userName={login}@x.example externalId=ada"));
    for (entry, login) in [("Zoe\u{308}@x.example", "zo\u{eb}"), ("zo\u{eb}@x.example", "ZOE\u{308}")] {
        assert_eq!(zoe(login).app(&format!("protect: ['{entry}']")).plan().short(), "", "{login}");
    }
}

#[test]
fn rule_15_the_connections_own_account_is_protected_always() {
    let mut world = ada();
    world.own = vec!["1".into()];
    assert_eq!(world.plan().short(), "");
}

#[test]
fn rule_15_a_protected_account_is_not_disabled_nor_taken_out_of_anything() {
    let world = ada()
        .person("ada", "status: left")
        .app("protect: [ada]")
        .app("groups: {push: [team], remove: delete, members: exact}")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .group("g1 team: 1")
        .group("g2 old: 1")
        .group_link("group:team g1: ada")
        .group_link("group:old g2: ada");
    assert_snapshot!(world.plan().short(), @r"
    9 delete group group:old (config) HELD by protect
    ! still has access user:ada: has left, and account 1 stays active because `protect` names it
    ");
    assert_snapshot!(world.plan().why("group:old"), @r"
    group:old is not declared for this app any more
    held: its member ada is protected and is not taken out of anything: delete the group by hand, or set `groups.remove: keep`
    ");
}

#[test]
fn rule_15_a_protected_account_nobody_declared_is_left_alone() {
    let world = ada()
        .account("9 userName=breakglass")
        .app("protect: [BreakGlass]")
        .app("unmanaged: delete")
        .person("ada", "");
    assert_snapshot!(world.plan().short(), @"");
    let undeclared =
        ada().without("ada").drop_yaml("access/assign-0.yaml").people(&["bob"]).app("protect: [ada]");
    assert_snapshot!(undeclared.plan().short(), @"! still has access user:ada: is not declared any more, and account 1 stays active because `protect` names it");
}

#[test]
fn rule_15_nothing_is_made_for_a_protected_person() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed().app("protect: [ada]");
    assert_snapshot!(world.plan().short(), @"! advice: `protect` names ada, which is no account of this app");
}

#[test]
fn rule_15_an_entry_that_protects_nothing_is_a_warning() {
    let world = ada().person("ada", "").app("protect: [nobody@x.example]");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      No changes. 1 account in hr matches the repository.

      Advice (1)
        ! `protect` names nobody@x.example, which is no account of this app  access/hr.yaml:6
          hint: correct the entry, or take it out

    Total: no changes
    ");
}

#[test]
fn rule_15_a_leaver_whose_account_is_left_alone_is_named() {
    let spared = [("protect: [ada]", "`protect` names it"), ("links: {ada: ignore}", "`links:` says ignore")];
    for (line, because) in spared {
        let told = |more: &str| ada().person("ada", more).app(line).plan().short();
        let notice = |left: &str| {
            format!("! still has access user:ada: {left}, and account 1 stays active because {because}\n")
        };
        assert_eq!(told("status: left"), notice("has left"));
        assert_eq!(told("status: suspended"), notice("is suspended"));
        assert_eq!(told("end: 2026-06-12"), notice("ended on 2026-06-12, 3 days ago"));
        assert_eq!(told("title: Boss"), "");
        let mut off = ada().person("ada", "status: left").app(line);
        off.things.get_mut("1").unwrap().active = false;
        assert_eq!(off.plan().short(), "");
    }
    let gone = ada().without("ada").people(&["bob"]).drop_yaml("access/assign-0.yaml").app("protect: ['1']");
    assert_snapshot!(gone.plan().short(), @"! still has access user:ada: is not declared any more, and account 1 stays active because `protect` names it");
    let unassigned = ada().person("ada", "").drop_yaml("access/assign-0.yaml").app("protect: [ada]");
    assert_snapshot!(unassigned.plan().short(), @"! still has access user:ada: is to have no account here, and account 1 stays active because `protect` names it");
    // Where accounts are kept, `protect` stops nothing.
    let kept = unassigned.app("users: {deprovision: keep}");
    assert_snapshot!(kept.plan().short(), @"");
    let mut own = ada().person("ada", "status: left");
    own.own = vec!["1".into()];
    assert_snapshot!(own.plan().short(), @"! still has access user:ada: has left, and account 1 stays active because it is the connection's own");
}

/// The entry of a protected account follows its person: without the line of `previously:`, nothing else says whose it is.
#[test]
fn rule_15_previously_moves_the_entry_of_a_protected_account() {
    let renamed = |account: &str| {
        world()
            .person("ada2", "previously: [ada]")
            .assign("", "user:ada2")
            .completed()
            .app("protect: [root@x.example]")
            .account(account)
            .link("ada 1 externalId=ada")
            .applied()
    };
    let own = renamed("1 userName=root@x.example externalId=ada");
    assert!(own.ledger.users.contains_key("ada2"));
    assert_snapshot!(own.plan().short(), @"");
    // An entry that was edited leads to an account that shows nothing of its person: it is not moved.
    assert!(renamed("1 userName=root@x.example").ledger.users.contains_key("ada"));
}

#[test]
fn rule_15_what_protects_nothing_holds_the_removal_of_strangers() {
    let world = ada()
        .person("ada", "")
        .account("9 userName=stranger")
        .app("unmanaged: disable")
        .app("groups: {push: [team], members: exact}")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .group("g1 team: 9")
        .group_link("group:team g1:");
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged)
    9 disable account:9: stranger -> nothing (unmanaged)
    ");
    let misspelt = world.clone().app("protect: [braekglass]");
    assert_snapshot!(misspelt.plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged) HELD by protect
    9 disable account:9: stranger -> nothing (unmanaged) HELD by protect
    ! advice: `protect` names braekglass, which is no account of this app
    ");
    assert_snapshot!(misspelt.plan().why("account:9"), @r"
    nobody declares this account, and `unmanaged` asks for it access/hr.yaml:2
    held: `protect` names braekglass, which is no account of this app, and nobody can say whom it should protect: correct the entry, or take it out
    ");
    let mut unknown = world;
    unknown.own = Vec::new();
    assert_snapshot!(unknown.plan().why("account:9"), @r"
    nobody declares this account, and `unmanaged` asks for it access/hr.yaml:2
    held: the app does not tell which account the connection itself has: write it as `auth.account`, or `none` if it has none
    ");
    let said = unknown.auth("none");
    assert_snapshot!(said.plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged)
    9 disable account:9: stranger -> nothing (unmanaged)
    ");
    assert_snapshot!(said.auth("Stranger").plan().short(), @"");
}

/// An entry that leads to a protected account makes the person's own one look like a stranger's.
#[test]
fn rule_15_the_account_of_a_person_with_a_wrong_entry_is_no_strangers() {
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada")
        .completed()
        .app("protect: [root@x.example]")
        .app("unmanaged: disable")
        .auth("none")
        .account("1 userName=ada@x.example externalId=ada")
        .account("9 userName=root@x.example")
        .link("ada 9 userName=ada@x.example");
    assert_snapshot!(world.plan().short(), @"9 disable account:1: ada@x.example -> nothing (unmanaged) HELD by link");
}

/// Members that were found in a group at its adoption are strangers too, and a person without an account protects nobody.
#[test]
fn rule_15_what_protects_nothing_holds_strangers_who_were_found_too() {
    let world = ada()
        .person("ada", "")
        .account("9 userName=stranger")
        .app("groups: {push: [team], members: exact}")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .group("g1 team: 9")
        .applied();
    assert_snapshot!(world.clone().allow("takeover", 1).plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (takeover)
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    allowed takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(world.clone().app("protect: [braekglass]").allow("takeover", 1).plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (takeover) HELD by protect
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ! advice: --allow hr:takeover=1 lets nothing pass: the guard holds nobody in this plan
    ! advice: `protect` names braekglass, which is no account of this app
    ");
    let absent = world.people(&["bob"]).app("protect: [bob]").allow("takeover", 1);
    assert_snapshot!(absent.plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (takeover) HELD by protect
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ! advice: --allow hr:takeover=1 lets nothing pass: the guard holds nobody in this plan
    ! advice: `protect` names bob, which is no account of this app
    ");
}

/// An entry of the defaults is meant for one app of many: it protects nothing only if it is no account of any app.
#[test]
fn rule_15_an_entry_of_the_defaults_has_to_be_an_account_of_some_app() {
    let world = ada()
        .person("ada", "")
        .account("9 userName=stranger")
        .app("unmanaged: disable")
        .defaults("protect: [breakglass]");
    assert_snapshot!(world.plan().short(), @r"
    9 disable account:9: stranger -> nothing (unmanaged) HELD by protect
    ! advice: `protect` of the defaults names breakglass, which is no account of any app
    ");
    assert_snapshot!(world.plan().why("account:9"), @r"
    nobody declares this account, and `unmanaged` asks for it access/hr.yaml:2
    held: `protect` of the defaults names breakglass, which is no account of any app, and nobody can say whom it should protect: correct the entry, or take it out
    ");
    let there = world.clone().account("8 userName=BreakGlass");
    assert_snapshot!(there.plan().short(), @"9 disable account:9: stranger -> nothing (unmanaged)");
    // The account may be in an app that was not read.
    let unread = world.yaml(
        "access/pay.yaml",
        "apps: {pay: {connector: scim, url: 'http://127.0.0.1:1/scim', users: {mapping: accounts}}}",
    );
    assert_snapshot!(unread.plan().why("account:9"), @r"
    nobody declares this account, and `unmanaged` asks for it access/hr.yaml:2
    held: `protect` of the defaults names breakglass, which is none of the accounts that were listed (not read: pay), and nobody can say whom it should protect
    ");
    assert!(!unread.plan().short().contains("advice"), "{}", unread.plan().short());
}

/// An account that a short listing does not show may be there: nothing is said against the entry, and strangers stay.
#[test]
fn rule_15_from_a_short_listing_nothing_follows_for_an_entry() {
    let mut world = ada()
        .person("ada", "")
        .account("9 userName=stranger")
        .app("groups: {push: [team], members: exact}")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .group("g1 team: 9")
        .group_link("group:team g1:");
    world.short = Some("totalResults says 12, 10 came");
    let own = world.clone().app("protect: [breakglass]").plan();
    assert_snapshot!(own.short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged) HELD by protect
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ");
    assert_snapshot!(own.why("group:team/stranger:9"), @r"
    group:team is pushed to hr access/hr.yaml:6
    held: `protect` names breakglass, which is none of the accounts that were listed, and nobody can say whom it should protect
    ");
    let of_defaults = world.defaults("protect: [breakglass]").plan();
    assert_snapshot!(of_defaults.short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged) HELD by protect
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ");
    assert_snapshot!(of_defaults.why("group:team/stranger:9"), @r"
    group:team is pushed to hr access/hr.yaml:6
    held: `protect` of the defaults names breakglass, which is none of the accounts that were listed (a short listing: hr), and nobody can say whom it should protect
    ");
}

//! Rules 1 and 2: a line of `links:` hides nobody who may still have access.

use insta::assert_snapshot;

use super::world::{World, world};

/// Ada and Bob have accounts; another one, with power, was never linked.
fn company() -> World {
    let world = world().app("users: {scope: all}").people(&["ada", "bob"]).completed().applied().applied();
    world.account("9 userName=eve@x.example externalId=eve holds=\"role ADMIN\"")
}

/// A line for somebody who has another account has no effect: the account it names is weighed as if the line were not there.
#[test]
fn rule_02_a_line_for_a_linked_person_hides_no_leaver() {
    let left = company().person("eve", "status: left");
    let line = left.clone().app("links: {ada: \"9\"}");
    assert_snapshot!(line.plan().short(), @r"
    3 adopt user:eve (left)
    ! still has access user:eve: account 9 (eve@x.example) is active
    ! not adopted user:ada: `links:` names account 9, and account new-ada is ada's: the line has no effect
    ");
    assert_snapshot!(line.plan().hints("not adopted"), @"take the line out; if the entry of new-ada is wrong, `rolecall ledger unlink hr ada --reason TEXT`");
    let without: Vec<String> = left.plan().short().lines().map(str::to_owned).collect();
    assert!(without.iter().all(|said| line.plan().short().contains(said)), "{without:?}");
    // Somebody whom no file declares any more, and an account of nobody.
    let former = company().person("eve", "").applied();
    let mut former = former.without("eve");
    former.ledger.users.remove("eve");
    assert_snapshot!(former.app("links: {ada: \"9\"}").plan().short(), @r"
    ! still has access user:eve: may still have access: account 9 (eve@x.example) is active and has the externalId of eve, whom no file declares any more
    ! not adopted user:ada: `links:` names account 9, and account new-ada is ada's: the line has no effect
    ! unmanaged accounts: 1 active account nobody declared for this app: eve@x.example
    ");
    let nobody = company().app("unmanaged: disable").auth("none").app("links: {ada: \"9\"}");
    assert_snapshot!(nobody.plan().short(), @r"
    ! not adopted user:ada: `links:` names account 9, and account new-ada is ada's: the line has no effect
    ! unmanaged accounts: 1 active account has the id of another system and is left to it: eve@x.example
    ");
}

/// A line about an account that is not there, or about the person's own, is harmless.
#[test]
fn rule_02_a_line_about_an_account_that_is_gone_is_said() {
    let gone = company().gone("9").app("links: {ada: \"77\"}");
    assert_snapshot!(gone.plan().short(), @"! advice user:ada: `links:` names account 77, and account new-ada is ada's: the line has no effect");
    assert!(!gone.plan().app().is_partial());
    assert_eq!(company().gone("9").app("links: {ada: new-ada}").plan().short(), "");
}

/// The line has an effect, and the account shows what somebody has who is out or absent.
#[test]
fn rule_02_a_line_that_has_an_effect_hides_no_leaver() {
    let new = company().person("eve", "status: left").person("nia", "").app("links: {nia: \"9\"}");
    assert_snapshot!(new.plan().short(), @r"
    ! still has access user:eve: may still have access, and nothing is taken: account 9 (eve@x.example) is active and has the externalId of eve, and `links:` names it for nia
    ! link conflict user:nia: `links:` names account 9, which has the externalId of eve
    ");
    assert!(new.plan().app().is_partial());
    // It shows something of both.
    let both = new.account("9 userName=nia@x.example externalId=eve");
    assert_snapshot!(both.plan().short(), @r"
    3 adopt user:nia (config)
    3 update user:nia/attribute:externalid: eve -> nia (config)
    ! still has access user:eve: may still have access, and nothing is taken: account 9 (nia@x.example) is active and has the externalId of eve, and `links:` names it for nia
    ");
    assert_snapshot!(both.plan().hints("still has access"), @"if it is eve's, take nia out of `links:`; if it is nia's, give the account another externalId in the app");
    let absent = company().person("eve", "").applied();
    let mut absent = absent.without("eve").person("nia", "").app("links: {nia: \"9\"}");
    absent.ledger.users.remove("eve");
    let absent = absent.account("9 userName=nia@x.example externalId=eve");
    assert_snapshot!(absent.plan().short(), @r"
    3 adopt user:nia (config)
    3 update user:nia/attribute:externalid: eve -> nia (config)
    ! still has access user:eve: may still have access: account 9 (nia@x.example) is active and has the externalId of eve, whom no file declares any more
    ");
}

#[test]
fn rule_02_a_line_for_a_group_that_is_linked_is_said() {
    let world = company().gone("9").app("groups: {push: [g]}");
    let world = world.yaml("access/g.yaml", "groups: {g: {name: G, members: [\"user:ada\"]}}").applied();
    let world = world.group("g7 Other: ").app("links: {\"group:g\": g7}");
    assert_snapshot!(world.plan().short(), @"! advice group:g: `links:` names group g7, and group new-group:g is that of group:g: the line has no effect");
}

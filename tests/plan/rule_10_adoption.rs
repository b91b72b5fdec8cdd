//! Rule 10: the plan that adopts a group lists who is in it, with what will happen.

use insta::assert_snapshot;

use super::rule_10_membership::team;

/// The plan that adopts a group says what will happen to those who are in it, undeclared people too.
#[test]
fn rule_10_the_plan_that_adopts_a_group_says_who_stays() {
    let adopting = |policy: &str| {
        let lines = "assignments: [{app: hr, members: [user:ada, user:bob]}]";
        let mut world = team(policy).without("cy").yaml("access/assign-0.yaml", lines);
        world.ledger.groups.clear();
        let outcome = world.plan();
        format!("{}{}", outcome.short(), outcome.hints("members nobody declared"))
    };
    assert_snapshot!(adopting("add"), @r#"
    6 adopt group:team: nothing -> team (config)
    9 disable user:cy (config)
    ! groups taken over group:team: takes over group g1 ("team"): 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    `groups.members: add` leaves them in it; take them out of the group in the app, or declare them
    `groups.members: add` leaves them in it; take them out of the group in the app, or declare them
    `groups.members: add` leaves them in it
    "#);
    assert_snapshot!(adopting("linked"), @r#"
    6 adopt group:team: nothing -> team (config)
    9 disable user:cy (config)
    ! groups taken over group:team: takes over group g1 ("team"): 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay
    the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay
    `groups.members: exact` removes them
    "#);
    assert_snapshot!(adopting("exact"), @r#"
    6 adopt group:team: nothing -> team (config)
    9 disable user:cy (config)
    ! groups taken over group:team: takes over group g1 ("team"): 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay
    the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay
    this plan takes the group over; the next one takes them out, held by guard:takeover until it is allowed
    "#);
}

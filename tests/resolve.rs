//! Resolution by property: there is a chain of facts for every effective grant and membership, and for nothing else.

use proptest::prelude::*;
use rolecall::catalog::{Catalog, Definition, scim};
use rolecall::config::{self, Source};
use rolecall::model::member::Principal;
use rolecall::model::time::Timestamp;
use rolecall::model::{Company, GroupNo, RoleNo, UserNo};
use rolecall::resolve::{Life, Programs, Resolved, life, why};

const AT: &str = "2026-06-15T00:00:00Z";

/// Members with their windows, nested groups, and whether the group has a rule.
type DrawnGroup = (Vec<(u8, u8)>, Vec<u8>, u8);

/// A random company: people with all kinds of life, nested and rule groups, assignments with windows.
#[derive(Debug, Clone)]
struct Draw {
    people: Vec<(u8, u8)>,
    groups: Vec<DrawnGroup>,
    assigned: Vec<(u8, u8, u8, u8)>,
}

fn draw() -> impl Strategy<Value = Draw> {
    let people = proptest::collection::vec((0..8_u8, 0..3_u8), 1..12);
    let members = proptest::collection::vec((any::<u8>(), 0..4_u8), 0..5);
    let nested = proptest::collection::vec(any::<u8>(), 0..3);
    let groups = proptest::collection::vec((members, nested, 0..3_u8), 1..7);
    let assigned = proptest::collection::vec((0..3_u8, any::<u8>(), 0..4_u8, 0..2_u8), 0..7);
    (people, groups, assigned).prop_map(|(people, groups, assigned)| Draw { people, groups, assigned })
}

fn window(kind: u8) -> &'static str {
    match kind {
        0 => ", expires: 2026-06-01",
        1 => ", expires: 2026-12-01",
        _ => "",
    }
}

impl Draw {
    fn yaml(&self) -> String {
        let mut yaml = String::from(
            "version: 1\nattributes: {type: {type: string}}\nmappings:\n  m: {match: [userName], attributes: {userName: user.email, roles: account.roles}}\nusers:\n",
        );
        for (number, (state, kind)) in self.people.iter().enumerate() {
            let state =
                ["", ", status: left", ", end: 2026-06-01", ", start: 2026-07-01", ", status: suspended"]
                    .get(usize::from(*state))
                    .unwrap_or(&"");
            let kind = ["", ", attributes: {type: a}", ", attributes: {type: b}"][usize::from(*kind)];
            yaml += &format!(
                "  p{number}: {{name: {{given: P, family: P}}, email: p{number}@x.example{state}{kind}}}\n"
            );
        }
        yaml += "groups:\n";
        for (number, (members, nested, rule)) in self.groups.iter().enumerate() {
            let person = |(who, when): &(u8, u8)| {
                let who = usize::from(*who) % self.people.len();
                (format!("user:p{who}"), window(*when))
            };
            // Only earlier groups, so that there is no cycle.
            let inner = nested
                .iter()
                .filter(|_| number > 0)
                .map(|inner| (format!("group:g{}", usize::from(*inner) % number), ""));
            let mut lines: Vec<_> = members.iter().map(person).chain(inner).collect();
            lines.sort();
            lines.dedup_by(|a, b| a.0 == b.0);
            let lines: Vec<_> =
                lines.into_iter().map(|(who, when)| format!("{{member: {who}{when}}}")).collect();
            let rule = if *rule == 0 { ", rule: 'user.attributes.type == \"a\"'" } else { "" };
            yaml += &format!("  g{number}: {{members: [{}]{rule}}}\n", lines.join(", "));
        }
        yaml += "apps:\n  hr:\n    connector: scim\n    url: http://127.0.0.1:9/scim\n    users: {mapping: m}\n    roles: {one: {}, two: {precedence: 2}, three: {group: Three}}\nassignments:\n  - {app: hr, role: one, members: []}\n";
        for (role, who, when, kind) in &self.assigned {
            let role = ["one", "two", "three"][usize::from(*role)];
            let who = if *kind == 0 {
                format!("user:p{}", usize::from(*who) % self.people.len())
            } else {
                format!("group:g{}", usize::from(*who) % self.groups.len())
            };
            yaml +=
                &format!("  - {{app: hr, role: {role}, members: [{{member: {who}{}}}]}}\n", window(*when));
        }
        yaml
    }
}

fn load(yaml: &str) -> (Company, Programs) {
    let catalog = Catalog::of([Definition {
        settings_schema: r#"{"type": "object"}"#.into(),
        mappings: "mappings: {g: {match: [displayName], attributes: {displayName: group.name}}}\n".into(),
        user_mapping: "m".into(),
        group_mapping: "g".into(),
        ..scim::definition()
    }]);
    let loaded = config::load(&Source::in_memory([("rolecall.yaml", yaml)]), &catalog);
    assert!(!loaded.diagnostics.has_errors(), "{:#?}\n{yaml}", loaded.diagnostics);
    let company = loaded.company.unwrap();
    let (programs, found) = Programs::compile(&company, &catalog);
    assert!(!found.has_errors(), "{found:#?}");
    (company, programs)
}

/// Membership in the slow and obvious way: every line is read again.
fn is_member(company: &Company, group: GroupNo, user: UserNo, at: Timestamp) -> bool {
    let declared = &company.groups[group.index()];
    let kind = company.attribute("type").unwrap();
    let by_rule =
        declared.rule.is_some() && company.users[user.index()].attribute(kind).as_str() == Some("a");
    by_rule
        || declared.members.iter().filter(|member| member.window().contains(at)).any(|member| {
            match member.principal {
                Principal::User(found) => found == user,
                Principal::Group(inner) => is_member(company, inner, user, at),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn every_membership_is_what_the_lines_say_and_has_a_chain(draw in draw()) {
        let (company, programs) = load(&draw.yaml());
        let at = AT.parse().unwrap();
        let resolved = Resolved::new(&company, &programs, at);
        for group in (0..company.groups.len()).map(GroupNo::from) {
            let holders = resolved.groups.of(group);
            prop_assert!(holders.yes.is_disjoint(&holders.unknown) && holders.yes.is_disjoint(&holders.lapsed));
            for user in (0..company.users.len()).map(UserNo::from) {
                let present = matches!(life(&company, user, at), Life::Active | Life::Suspended);
                let expected = present && is_member(&company, group, user, at);
                prop_assert_eq!(holders.yes.contains(user.0), expected, "{:?} {:?}", group, user);
                let chain = why::membership(&resolved, group, user);
                prop_assert_eq!(chain.is_some(), expected, "{:?}", chain);
                if let Some(chain) = chain {
                    let last = chain.last().unwrap().fact.to_string();
                    prop_assert!(last.starts_with(&format!("user:p{} ", user.0)) || last.contains(&company.users[user.index()].id.to_string()), "{}", last);
                }
            }
        }
    }

    #[test]
    fn every_effective_grant_has_a_chain_and_nothing_else_has(draw in draw()) {
        let (company, programs) = load(&draw.yaml());
        let resolved = Resolved::new(&company, &programs, AT.parse().unwrap());
        let desired = &resolved.apps[0];
        for user in (0..company.users.len()).map(UserNo::from) {
            for role in (0..3_usize).map(RoleNo::from) {
                let holds = desired.roles[role.index()].yes.contains(user.0);
                let chain = why::grant(&resolved, desired, user, Some(role));
                if holds {
                    let chain = chain.expect("a chain");
                    prop_assert!(chain[0].fact.to_string().contains("is assigned hr/"), "{:?}", chain);
                }
                let present = matches!(life(&company, user, resolved.at), Life::Active | Life::Suspended);
                if let (false, true) = (holds, present) {
                    prop_assert!(why::grant(&resolved, desired, user, Some(role)).is_none());
                }
                if desired.roles[role.index()].lapsed.contains(user.0) {
                    prop_assert!(why::expired(&resolved, desired, user, Some(role)).is_some(), "{user:?} {role:?}");
                }
            }
            if desired.active.contains(user.0) {
                prop_assert!(why::grant(&resolved, desired, user, None).is_some());
            }
        }
    }
}

/// Nesting as deep as the number of groups neither overflows the stack nor takes for ever.
#[test]
fn nesting_may_be_deep() {
    let mut yaml = String::from(
        "version: 1\nusers: {ada: {name: {given: A, family: A}, email: a@x.example}}\ngroups:\n  g0: {members: [user:ada]}\n",
    );
    for number in 1..5_000 {
        yaml += &format!("  g{number}: {{members: [group:g{}]}}\n", number - 1);
    }
    let catalog = Catalog::default();
    let loaded = config::load(&Source::in_memory([("rolecall.yaml", yaml.as_str())]), &catalog);
    assert!(!loaded.diagnostics.has_errors());
    let company = loaded.company.unwrap();
    let (programs, _) = Programs::compile(&company, &catalog);
    let resolved = Resolved::new(&company, &programs, AT.parse().unwrap());
    let (top, ada) = (company.group("g4999").unwrap(), company.user("ada").unwrap());
    assert!(resolved.groups.of(top).yes.contains(ada.0));
    assert_eq!(why::membership(&resolved, top, ada).unwrap().len(), 5_000);
}

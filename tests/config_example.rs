//! The example of the guide, loaded as a whole.

use rolecall::catalog::{Catalog, Definition, scim};
use rolecall::config::{self, Source, diagnostics};
use rolecall::model::diagnostic::Diagnostics;

/// A connector for tests.
fn catalog() -> Catalog {
    Catalog::of([Definition {
settings_schema: r#"{"type": "object", "additionalProperties": false, "properties": {"members": {"type": "object", "additionalProperties": false, "properties": {"batch": {"type": "integer"}}}}}"#.into(),
mappings: "mappings:\n  scim-users:\n    match: [userName]\n    attributes:\n      userName: user.email\n  scim-groups:\n    match: [displayName]\n    attributes:\n      displayName: group.name\n".into(),
user_mapping: "scim-users".into(),
group_mapping: "scim-groups".into(),
..scim::definition()
}])
}

const ROOT: &str = r#"
version: 1
requires: ">=0.1"
branch: main
include: [access/**/*.yaml]
timezone: Europe/Berlin
ledger: {id: 7f3c, git: {ref: refs/heads/rolecall/ledger, remote: origin}}
secrets:
  FIFTEENFIVE_TOKEN: {app: 15five, host: my.15five.com}
attributes:
  employeeNumber: {type: string, unique: true}
  type: {type: string, enum: [employee, contractor], default: employee}
  salaryBand: {type: string, sensitive: true}
defaults:
  apps: {guard: {deprovision: 10}, limits: {timeout: 30s}}
"#;

const PEOPLE: &str = r#"
users:
  ada:
    previously: [ada-l]
    name: {given: Ada, family: Lovelace}
    email: ada@acme.example
    title: Analyst
    department: Engineering
    manager: grace
    start: 2026-01-10
    end: 2026-12-31
    status: active
    attributes: {employeeNumber: "701984", type: employee}
  grace: {name: {given: Grace, family: Hopper}, email: grace@acme.example}
  bob: {name: {given: Bob, family: B}, email: bob@acme.example}
  carol: {name: {given: Carol, family: C}, email: carol@acme.example}
groups:
  sre: {members: [user:grace]}
  platform:
    name: Platform Engineering
    owners: [user:grace]
    members:
      - user:ada
      - group:sre
      - {member: user:bob, expires: 2026-12-01, reason: "INC-42"}
    rule: user.department == "Engineering" && has(user.title) && user.title.startsWith("Platform")
"#;

const APPS: &str = r#"
apps:
  15five:
    connector: scim
    url: https://my.15five.com/scim/v2
    auth: {bearer: {env: FIFTEENFIVE_TOKEN}}
    settings: {}
    enabled: true
    labels: {env: prod}
    owners: [group:platform]
    roles:
      admin:   {value: ADMIN, precedence: 10, privileged: true}
      auditor: {group: Auditors, precedence: 20}
      member:  {precedence: 30}
    users: {scope: assigned, filter: user.attributes.type != "contractor", mapping: 15five-users,
            actions: [create, update, deprovision], deprovision: disable}
    groups: {push: [platform], mapping: 15five-groups, members: linked, remove: keep}
    adopt: matched
    links: {ada: "2819", bob: ignore}
    unmanaged: report
    drift: revert
    protect: [breakglass@acme.example]
    guard: {deprovision: 10, deprovision_percent: 5, membership_percent: 25, min_members: {admin: 2}}
    limits: {rate: 10/s, concurrency: 8, timeout: 30s}
mappings:
  15five-groups: {match: [displayName], attributes: {displayName: group.name}}
  15five-users:
    match: [userName, externalId]
    attributes:
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      displayName: user.name.display
      emails[type eq "work"].value: user.email
      title: {expr: user.title, default: "Staff", apply: create}
      locale: {value: en-US}
      roles: account.roles
      urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: account.ref(user.manager)
assignments:
  - app: 15five
    role: member
    members: [group:platform, {member: user:carol, expires: 2026-12-31, reason: "SEC-7"}]
policies:
  separation: {conflict: [15five/admin, 15five/auditor]}
"#;

fn rendered(found: Diagnostics, files: &rolecall::model::FileSet) -> String {
    diagnostics::text(&found.sorted(), files, diagnostics::Look::default())
}

#[test]
fn the_example_of_the_guide_loads() {
    let source = Source::in_memory([
        ("rolecall.yaml", ROOT),
        ("access/people.yaml", PEOPLE),
        ("access/apps.yaml", APPS),
    ]);
    let loaded = config::load(&source, &catalog());
    assert_eq!(rendered(loaded.diagnostics, &loaded.files), "");
    let company = loaded.company.as_ref().unwrap();
    assert_eq!(company.users.len(), 4);
    assert_eq!(company.users_per_file["access/people.yaml"], 4);
    let ada = &company.users[0];
    assert_eq!(company.users[ada.manager.unwrap().index()].id.as_str(), "grace");
    assert_eq!(ada.window.start.unwrap().to_string(), "2026-01-09T23:00:00Z");
    assert_eq!(ada.window.end.unwrap().to_string(), "2026-12-31T23:00:00Z");
    assert_eq!(loaded.files.text(ada.life_span), "end");
    let number = |name| company.attribute(name).unwrap();
    assert_eq!(ada.attribute(number("employeeNumber")).as_str(), Some("701984"));
    assert_eq!(company.users[1].attribute(number("type")).as_str(), Some("employee"));
    let platform = &company.groups[company.group("platform").unwrap().index()];
    assert_eq!(platform.members.len(), 3);
    assert_eq!(platform.members[2].window().end.unwrap().to_string(), "2026-12-01T23:00:00Z");
    let rule = platform.rule.as_ref().unwrap();
    let at = rule.text.find("user.title").unwrap() as u32;
    assert_eq!(loaded.files.text(rule.span_of(at, at + 10)), "user.title");
    let app = company.app("15five").unwrap();
    assert_eq!(
        app.roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>(),
        ["admin", "auditor", "member"]
    );
    assert_eq!(app.guard.min_members.len(), 1);
    assert_eq!(app.guard.of(rolecall::model::Guard::Deprovision).count, Some(10));
    assert_eq!(app.assignments.len(), 1);
    assert_eq!(app.assignments[0].members.len(), 2);
    assert_eq!(app.links.len(), 2);
    let mapping = &company.mappings["15five-users"];
    assert_eq!(mapping.matching.len(), 2);
    assert_eq!(mapping.attributes.len(), 9);
    assert_eq!(company.policies.len(), 1);
}

#[test]
fn the_effective_app_says_where_each_value_comes_from() {
    let source = Source::in_memory([
        ("rolecall.yaml", ROOT),
        ("access/people.yaml", PEOPLE),
        ("access/apps.yaml", APPS),
    ]);
    let loaded = config::load(&source, &catalog());
    let rows = config::effective_app(&loaded, "15five").unwrap();
    let text: String = rows
        .iter()
        .map(|row| {
            let place = row.place.as_ref().map_or("built in".to_owned(), std::string::ToString::to_string);
            let default = if row.origin == config::Origin::Defaults { " (defaults)" } else { "" };
            format!("{} = {}  # {place}{default}\n", row.path, row.value)
        })
        .collect();
    insta::assert_snapshot!(text);
    assert!(config::effective_app(&loaded, "nobody").is_none());
}

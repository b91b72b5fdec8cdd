//! The company before and after the change whose apply is killed: people come, move, and leave.

use std::fmt::Write;

use crate::kill::app::Place;

/// The people of the first commit.
const FOUNDERS: &str = r"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Analyst, department: Engineering}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Engineer, department: Engineering, manager: ada}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer, department: Engineering}
  fay: {name: {given: Fay, family: Green}, email: fay@acme.example, title: Clerk, department: Sales, manager: bob}
  gus: {name: {given: Gus, family: Brown}, email: gus@acme.example, title: Clerk, department: Sales}
";

/// The same people a year later: two are promoted, Bob has another manager, Eve is in Sales now, Fay has left, and Gus
/// is not declared any more.
const FOUNDERS_LATER: &str = r"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Director, department: Engineering}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Lead, department: Engineering, manager: new-01}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer, department: Sales, manager: bob}
  fay: {name: {given: Fay, family: Green}, email: fay@acme.example, title: Clerk, department: Sales, manager: bob, status: left}
";

const GROUPS: &str = r#"groups:
  engineering:
    name: Engineering
    rule: has(user.department) && user.department == "Engineering"
  everybody:
    name: Everybody
    rule: has(user.department)
"#;

const GROUPS_LATER: &str = r#"groups:
  engineering:
    name: Engineering
    rule: has(user.department) && user.department == "Engineering"
  everybody:
    name: Everybody
    rule: has(user.department)
  sales:
    name: Sales
    rule: has(user.department) && user.department == "Sales"
"#;

/// The number of people who are hired.
const HIRED: usize = 10;

/// The hired people, some with a manager who is hired in the same commit.
fn hired() -> String {
    let mut text = "users:\n".to_owned();
    for number in 1..=HIRED {
        let department = ["Engineering", "Sales"][usize::from(number % 4 == 0)];
        let manager = match number {
            2..=4 => ", manager: new-10",
            5 => ", manager: ada",
            _ => "",
        };
        let _ = writeln!(
            text,
            "  new-{number:02}: {{name: {{given: New, family: Number{number:02}}}, email: new-{number:02}@acme.example, title: Engineer, department: {department}{manager}}}"
        );
    }
    text
}

/// The files about people and groups, before or after the change.
pub fn people(later: bool) -> Vec<(&'static str, String)> {
    let (founders, groups) = if later { (FOUNDERS_LATER, GROUPS_LATER) } else { (FOUNDERS, GROUPS) };
    let mut files =
        vec![("access/founders.yaml", founders.to_owned()), ("access/groups.yaml", groups.to_owned())];
    files.extend(later.then(|| ("access/hired.yaml", hired())));
    files
}

/// The groups that are pushed and the members of a role that is one, before or after the change.
pub fn moved(later: bool) -> (&'static str, &'static str) {
    match later {
        true => ("engineering, everybody, sales", "user:bob, user:new-03"),
        false => ("engineering, everybody", "user:ada"),
    }
}

/// `rolecall.yaml`, before or after the change.
pub fn root(at: &Place<'_>, later: bool) -> String {
    let Place { ledger, url, host, width } = at;
    let (push, auditors) = moved(later);
    format!(
        r#"version: 1
{ledger}
secrets:
  CHAT_TOKEN: {{app: chat, host: "{host}"}}
apps:
  chat:
    connector: scim
    url: {url}
    auth: {{bearer: {{env: CHAT_TOKEN}}}}
    settings: {{members: {{batch: 6}}}}
    roles:
      member: {{precedence: 20}}
      admin: {{value: ADMIN, precedence: 10, privileged: true}}
      auditor: {{group: Auditors, precedence: 15}}
    limits: {{timeout: 1s, concurrency: {width}}}
    users: {{mapping: chat-users}}
    groups: {{push: [{push}], mapping: chat-groups}}
mappings:
  chat-users:
    match: [userName]
    attributes:
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      name.familyName: user.name.family
      displayName: user.name.display
      title: user.title
      emails[type eq "work"].value: user.email
      roles: account.roles
      urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: account.ref(user.manager)
  chat-groups:
    match: [displayName]
    attributes: {{displayName: group.name}}
assignments:
  - {{app: chat, role: member, members: [group:everybody]}}
  - {{app: chat, role: admin, members: [user:ada]}}
  - {{app: chat, role: auditor, members: [{auditors}]}}
"#
    )
}

//! The company before and after the change whose apply is killed: people come, move, and leave.

use std::fmt::Write;

/// The people of the first commit.
pub const FOUNDERS: &str = r"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Analyst, department: Engineering}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Engineer, department: Engineering, manager: ada}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer, department: Engineering}
  fay: {name: {given: Fay, family: Green}, email: fay@acme.example, title: Clerk, department: Sales, manager: bob}
  gus: {name: {given: Gus, family: Brown}, email: gus@acme.example, title: Clerk, department: Sales}
";

/// The same people a year later: two are promoted, Bob has another manager, Eve is in Sales now, Fay has left, and Gus
/// is not declared any more.
pub const FOUNDERS_LATER: &str = r"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Director, department: Engineering}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Lead, department: Engineering, manager: new-01}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer, department: Sales, manager: bob}
  fay: {name: {given: Fay, family: Green}, email: fay@acme.example, title: Clerk, department: Sales, manager: bob, status: left}
";

pub const GROUPS: &str = r#"groups:
  engineering:
    name: Engineering
    rule: has(user.department) && user.department == "Engineering"
  everybody:
    name: Everybody
    rule: has(user.department)
"#;

pub const GROUPS_LATER: &str = r#"groups:
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
pub fn hired() -> String {
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

/// `rolecall.yaml`, before or after the change.
pub fn root(ledger: &str, base_url: &str, host: &str, width: usize, later: bool) -> String {
    let (push, auditors) = if later {
        ("engineering, everybody, sales", "user:bob, user:new-03")
    } else {
        ("engineering, everybody", "user:ada")
    };
    format!(
        r#"version: 1
{ledger}
secrets:
  CHAT_TOKEN: {{app: chat, host: "{host}"}}
apps:
  chat:
    connector: scim
    url: {base_url}
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

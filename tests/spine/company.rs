//! A small company in a repository of its own, with its ledger on a bare remote or in a folder outside the clones.

use rolecall::ledger::{By, Store};
use rolecall::model::company::LedgerStore;
use rolecall::model::time::Timestamp;

use crate::support::program::{Program, Repo};
use crate::support::servers::RealServer;

/// The place of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// A branch of the bare remote.
    Git,
    /// A folder outside every clone.
    Path,
}

/// The part of an app that differs between servers.
pub struct AppText {
    /// The settings, as a flow mapping.
    pub settings: &'static str,
    /// The mapping's target attributes.
    pub mapping: &'static str,
    /// The app's roles, a flow mapping.
    pub roles: &'static str,
}

/// The part for a server that keeps all attributes of the SCIM core.
pub const FULL: AppText = AppText {
    settings: "{}",
    roles: "{member: {precedence: 20}, admin: {value: ADMIN, precedence: 10, privileged: true}}",
    mapping: r#"
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      name.familyName: user.name.family
      displayName: user.name.display
      title: user.title
      emails[type eq "work"].value: user.email
      roles: account.roles
      urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: account.ref(user.manager)
"#,
};

/// scimmy keeps no roles that are not declared, and no `displayName` of its own making.
pub const SCIMMY: AppText = AppText {
    settings: "{}",
    roles: "{member: {group: Members, precedence: 20}, admin: {group: Admins, precedence: 10, privileged: true}}",
    mapping: r#"
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      name.familyName: user.name.family
      displayName: user.name.display
      title: user.title
      emails[type eq "work"].value: user.email
      urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: account.ref(user.manager)
"#,
};

/// django-scim2 changes users by PUT, groups by adding and removing members only, and knows few attributes.
pub const DJANGO: AppText = AppText {
    settings: "{update: {users: put, groups: put}, members: {remove_style: value-array}, can: {rename_groups: false}, single_valued: [emails]}",
    roles: "{member: {group: Members, precedence: 20}, admin: {group: Admins, precedence: 10, privileged: true}}",
    mapping: r#"
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      name.familyName: user.name.family
      emails[type eq "work"].value: user.email
"#,
};

/// A repository for `server`, committed and pushed, its ledger made.
pub fn repository(server: &RealServer, base_url: &str, app: &AppText, ledger: Ledger) -> Repo {
    let host = server.address();
    let repo = Repo::new();
    let root = |ledger: &str| {
        format!(
            r#"version: 1
{ledger}
secrets:
  CHAT_TOKEN: {{app: chat, host: "{}"}}
apps:
  chat:
    connector: scim
    url: {base_url}
    auth: {{bearer: {{env: CHAT_TOKEN}}}}
    settings: {}
    roles: {}
    limits: {{timeout: 1s}}
    users: {{mapping: chat-users}}
    groups: {{push: [engineering, everybody], mapping: chat-groups}}
mappings:
  chat-users:
    match: [userName]
    attributes:{}
  chat-groups:
    match: [displayName]
    attributes: {{displayName: group.name}}
assignments:
  - {{app: chat, role: member, members: [group:everybody]}}
  - {{app: chat, role: admin, members: [user:ada]}}
"#,
            host,
            app.settings,
            app.roles,
            app.mapping.trim_end()
        )
    };
    repo.file("rolecall.yaml", root(""))
        .file(".gitignore", ".rolecall/\n")
        .file("access/people.yaml", PEOPLE);
    repo.commit("A company").remote().push();
    let store = match ledger {
        Ledger::Git => {
            LedgerStore::Git { reference: "refs/heads/rolecall/ledger".into(), remote: Some("origin".into()) }
        }
        Ledger::Path => LedgerStore::Path(repo.world().join("ledger").to_string_lossy().as_ref().into()),
    };
    let by = By { author: "test", reason: "a new company", at: Timestamp::UNIX_EPOCH };
    let id =
        Store::init(repo.path(), Some(&repo.path().join(".git")), &store, None, &by).expect("a new ledger");
    let entry = match &store {
        LedgerStore::Git { reference, .. } => {
            format!("ledger: {{id: {id}, lease: 2s, git: {{ref: {reference}, remote: origin}}}}")
        }
        LedgerStore::Path(folder) => format!("ledger: {{id: {id}, lease: 2s, path: {folder}}}"),
    };
    repo.file("rolecall.yaml", root(&entry)).commit("Its ledger").push();
    repo
}

/// `rolecall ARGS` with the app's token.
pub fn rolecall(repo: &Repo, server: &RealServer, args: &[&str]) -> Program {
    repo.rolecall(args.iter().copied()).env("CHAT_TOKEN", &server.token)
}

pub const PEOPLE: &str = r#"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Analyst, department: Engineering}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Engineer, department: Engineering, manager: ada}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer, department: Sales, manager: bob}
  kim: {name: {given: Kim, family: Young}, email: kim@acme.example, department: Sales, manager: ada}
groups:
  engineering:
    name: Engineering
    rule: has(user.department) && user.department == "Engineering"
  everybody:
    name: Everybody
    members: [group:engineering, user:eve, user:kim]
"#;

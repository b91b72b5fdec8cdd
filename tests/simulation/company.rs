//! The company of a simulation, and its YAML. The desired state can be worked out from it without the program, so that
//! `oracle.rs` can judge the end of a story.

use std::fmt::Write as _;

/// A day, counted from the first day of the story.
pub type Day = i32;

#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    /// Who it is, under whatever id.
    pub human: u32,
    pub previously: Vec<String>,
    pub name: String,
    pub email: String,
    pub title: Option<String>,
    pub department: Option<String>,
    pub manager: Option<String>,
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub status: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// `user:ID` or `group:ID`.
    pub principal: String,
    pub expires: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub id: String,
    pub name: String,
    pub members: Vec<Member>,
    /// The rule: everybody of this department is a member.
    pub rule: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: String,
    /// The role is membership of this group in the app; without it, the role is a value.
    pub group: Option<String>,
    pub privileged: bool,
    /// As what the app keeps it, if not as its id.
    pub value: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Assignment {
    pub role: Option<String>,
    pub member: Member,
}

/// The settings of the app.
#[derive(Clone, Debug)]
pub struct AppConf {
    /// In order of precedence.
    pub roles: Vec<Role>,
    /// The app keeps a single value role.
    pub single: bool,
    pub push: Vec<String>,
    pub members: &'static str,
    pub remove: &'static str,
    pub deprovision: &'static str,
    pub unmanaged: &'static str,
    pub adopt: &'static str,
    pub protect: Vec<String>,
    pub min_admins: u64,
    /// Roles in conflict: nobody may hold two of them.
    pub apart: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Company {
    pub people: Vec<Person>,
    pub groups: Vec<Group>,
    pub assignments: Vec<Assignment>,
    pub app: AppConf,
    /// Ids of people who were deleted from the files.
    pub former: Vec<String>,
    /// The number of the next new id.
    pub next: u32,
}

/// A day as a date in YAML.
pub fn date(day: Day) -> String {
    let first = jiff::civil::date(2026, 6, 1);
    first.checked_add(jiff::Span::new().days(i64::from(day))).expect("a day of this century").to_string()
}

impl Company {
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The files of the repository.
    pub fn files(&self) -> Vec<(String, String)> {
        let root = "version: 1\nrequires: \">=0.1\"\nledger: {id: simulated, path: ledger}\n";
        vec![
            ("rolecall.yaml".to_owned(), root.to_owned()),
            ("access/people.yaml".to_owned(), self.people_yaml()),
            ("access/app.yaml".to_owned(), self.app_yaml()),
        ]
    }

    fn people_yaml(&self) -> String {
        let mut text = String::from(heading("users", self.people.len()));
        for person in &self.people {
            let mut keys = vec![
                format!("name: {{given: {:?}, family: Sim{}}}", person.name, person.human),
                format!("email: {:?}", person.email),
                format!("status: {}", person.status),
            ];
            if !person.previously.is_empty() {
                keys.push(format!("previously: [{}]", person.previously.join(", ")));
            }
            let texts = [("title", &person.title), ("department", &person.department)];
            keys.extend(texts.iter().filter_map(|(key, text)| Some(format!("{key}: {:?}", text.as_ref()?))));
            keys.extend(person.manager.iter().map(|id| format!("manager: {id}")));
            let days = [("start", person.start), ("end", person.end)];
            keys.extend(days.iter().filter_map(|(key, day)| Some(format!("{key}: {}", date((*day)?)))));
            let _ = writeln!(text, "  {}: {{{}}}", person.id, keys.join(", "));
        }
        text.push_str(heading("groups", self.groups.len()));
        for group in &self.groups {
            let members: Vec<_> = group.members.iter().map(member).collect();
            let rule = group.rule.as_ref();
            let rule = rule.map(|of| format!(", rule: 'user.department == \"{of}\"'")).unwrap_or_default();
            let _ = writeln!(
                text,
                "  {}: {{name: {:?}, members: [{}]{rule}}}",
                group.id,
                group.name,
                members.join(", ")
            );
        }
        text
    }

    fn app_yaml(&self) -> String {
        let app = &self.app;
        let mut text = String::from("apps:\n  sim:\n    connector: scim\n    url: \"sandbox:\"\n");
        if !app.roles.is_empty() {
            text.push_str("    roles:\n");
        }
        for (place, role) in app.roles.iter().enumerate() {
            let kind = role.group.as_ref();
            let kind = kind.map(|name| format!("group: {name:?}, ")).unwrap_or_default();
            let value = role.value.map(|value| format!("value: {value}, ")).unwrap_or_default();
            let (precedence, privileged) = (10 * (place + 1), role.privileged);
            let _ = writeln!(
                text,
                "      {}: {{{kind}{value}precedence: {precedence}, privileged: {privileged}}}",
                role.id
            );
        }
        let delete_after = if app.deprovision == "delete" { ", delete_after: 5d" } else { "" };
        let _ =
            writeln!(text, "    users: {{mapping: people, deprovision: {}{delete_after}}}", app.deprovision);
        let _ = writeln!(
            text,
            "    groups: {{push: [{}], members: {}, remove: {}}}",
            app.push.join(", "),
            app.members,
            app.remove
        );
        let _ = writeln!(text, "    unmanaged: {}\n    adopt: {}", app.unmanaged, app.adopt);
        let protect: Vec<_> = app.protect.iter().map(|name| format!("{name:?}")).collect();
        let _ = writeln!(text, "    protect: [{}]", protect.join(", "));
        if app.min_admins > 0 && app.roles.iter().any(|role| role.id == "admin") {
            let _ = writeln!(text, "    guard: {{min_members: {{admin: {}}}}}", app.min_admins);
        }
        if !app.apart.is_empty() {
            let roles: Vec<_> = app.apart.iter().map(|role| format!("sim/{role}")).collect();
            let _ = writeln!(text, "policies: {{apart: {{conflict: [{}]}}}}", roles.join(", "));
        }
        text.push_str(MAPPING);
        if self.app.roles.iter().any(|role| role.group.is_none()) {
            text.push_str(if app.single {
                "      userType: account.role\n"
            } else {
                "      roles: account.roles\n"
            });
        }
        text.push_str(heading("assignments", self.assignments.len()));
        for assignment in &self.assignments {
            let role = assignment.role.as_ref();
            let role = role.map(|role| format!("role: {role}, ")).unwrap_or_default();
            let _ = writeln!(text, "  - {{app: sim, {role}members: [{}]}}", member(&assignment.member));
        }
        text
    }
}

fn heading(section: &'static str, entries: usize) -> &'static str {
    match (section, entries) {
        (_, 0) => "",
        ("users", _) => "users:\n",
        ("groups", _) => "groups:\n",
        _ => "assignments:\n",
    }
}

const MAPPING: &str = "mappings:
  people:
    match: [externalId, userName]
    attributes:
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      displayName: user.name.given
      title: user.title
      nickName: {expr: user.title, default: New, apply: create}
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value': account.ref(user.manager)
";

fn member(member: &Member) -> String {
    match member.expires {
        None => member.principal.clone(),
        Some(day) => format!("{{member: {}, expires: {}}}", member.principal, date(day)),
    }
}

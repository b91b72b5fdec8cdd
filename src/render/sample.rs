//! Plans made by hand, for the tests of this room.

use std::sync::Arc;

use crate::model::RoleId;
use crate::model::change::{
    Cause, Change, ChangeKey, ChangeKind, Facet, Object, Phase, Reason, Setting, Shown, Verdict,
};
use crate::model::fact::Fact;
use crate::model::guard::Guard;
use crate::model::hash::HashKey;
use crate::model::limit::Share;
use crate::model::span::Place;
use crate::model::time::Timestamp;
use crate::plan::{AppPlan, AppStatus, Coming, FORMAT, GuardReport, Inputs, Notice, NoticeKind, Plan};

pub(super) const APP: &str = "15five";

pub(super) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn place(text: &str) -> Place {
    let (file, line) = text.rsplit_once(':').unwrap();
    Place { file: file.into(), line: line.parse().unwrap(), column: 5 }
}

pub(super) fn shown(text: &str) -> Shown {
    let key = HashKey::new([7; 32]);
    Shown { text: Some(text.to_owned()), hash: Some(key.texts([text])) }
}

/// A change with its usual values.
pub(super) fn change(object: Object, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
    let key = ChangeKey { app: APP.into(), object, facet };
    Change { phase: Phase::Update, ..Change::new(key, kind, cause) }
}

pub(super) fn user(id: &str) -> Object {
    Object::User(id.parse().unwrap())
}

pub(super) fn life(id: &str, kind: ChangeKind, cause: Cause) -> Change {
    change(user(id), Facet::Life, kind, cause)
}

pub(super) fn create(id: &str, email: &str) -> Change {
    let mut change = life(id, ChangeKind::Create, Cause::Config);
    let set = |path: &str, value: &str| Setting {
        path: path.into(),
        value: shown(value),
        name: path == "username",
        want: None,
    };
    change.sets = vec![
        set("emails[type eq \"work\"].value", email),
        set("externalid", id),
        set("title", "Platform Engineer"),
        set("username", email),
    ];
    change
}

pub(super) fn update(id: &str, path: &str, old: &str, new: &str, cause: Cause) -> Change {
    let mut change = change(user(id), Facet::Attribute(path.into()), ChangeKind::Update, cause);
    (change.old, change.new) = (shown(old), shown(new));
    change.identity = matches!(path, "username" | "externalid");
    change
}

pub(super) fn role(id: &str, role: &str, kind: ChangeKind, cause: Cause) -> Change {
    change(user(id), Facet::Role(RoleId::of_value(role)), kind, cause)
}

pub(super) fn member(id: &str, group: &str, kind: ChangeKind, cause: Cause) -> Change {
    change(Object::Group(group.parse().unwrap()), Facet::Member(id.parse().unwrap()), kind, cause)
}

pub(super) trait With: Sized {
    fn because(self, text: &str, at: &str) -> Self;
    fn privileged(self) -> Self;
    fn held(self, by: &str, why: &str) -> Self;
    fn remote(self, id: &str) -> Self;
}

impl With for Change {
    fn because(mut self, text: &str, at: &str) -> Self {
        self.reasons.push(Reason { fact: Fact::Words(text.to_owned()), place: Some(place(at)) });
        self
    }

    fn privileged(mut self) -> Self {
        self.privileged = true;
        self
    }

    fn held(mut self, by: &str, why: &str) -> Self {
        self.verdict = Verdict::Held { by: by.into(), why: why.to_owned() };
        self
    }

    fn remote(mut self, id: &str) -> Self {
        self.remote = Some(id.parse().unwrap());
        self
    }
}

pub(super) fn notice(kind: NoticeKind, id: &str, text: &str, hint: &str, at: &str) -> Notice {
    let full = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Notice {
        kind,
        subject: (!id.is_empty()).then(|| user(id)),
        text: text.to_owned(),
        hint: full(hint),
        place: (!at.is_empty()).then(|| place(at)),
    }
}

pub(super) fn guard(
    guard: Guard,
    count: u64,
    base: u64,
    limit: u64,
    share: Share,
    tripped: bool,
) -> GuardReport {
    GuardReport {
        guard,
        of: None,
        count,
        recent: 0,
        base,
        limit: Some(limit),
        share: Some(share),
        tripped,
        allowed: false,
        allow: tripped.then_some(count),
        since: None,
        first: Vec::new(),
        app: APP.to_owned(),
    }
}

/// An app's plan; changes are put in order and the names of well-known people added.
pub(super) fn app(id: &str, mut changes: Vec<Change>) -> AppPlan {
    for change in &mut changes {
        change.key.app = id.parse().unwrap();
    }
    changes.sort_by(|a, b| a.key.cmp(&b.key));
    let endpoint: Arc<str> = format!("https://my.{id}.com/scim/v2").into();
    let mut plan = AppPlan::without_changes(id.parse().unwrap(), endpoint, AppStatus::Planned, Vec::new());
    plan.changes = changes;
    plan.accounts = 210;
    let names = [
        ("ada", "Ada Lovelace"),
        ("bob", "Bob Stone"),
        ("carol", "Carol Díaz"),
        ("eve", "Eve Adams"),
        ("frank", "Frank Ngo"),
        ("grace", "Grace Hopper"),
        ("linus", "Linus Berg"),
    ];
    plan.people = names.iter().map(|(id, name)| ((*id).into(), (*name).to_owned())).collect();
    plan
}

pub(super) fn plan(apps: Vec<AppPlan>) -> Plan {
    Plan {
        format: FORMAT,
        id: "3f9c2a1be07d4415".to_owned(),
        inputs: Inputs {
            tool: "0.1.0".to_owned(),
            tree: "5be4d61c".to_owned(),
            commit: Some("9be1c04a7f12d0a4b3c2e1f09876543210abcdef".to_owned()),
            dirty: false,
            at: instant("2026-07-29T09:14:00Z"),
            rehearsal: false,
            valid_until: instant("2026-07-30T00:00:00Z"),
            partial: false,
            ledger: "7f3c".to_owned(),
            ledger_versions: Default::default(),
            people: 214,
        },
        apps,
    }
}

/// A handful of changes of every weight.
pub(super) fn ordinary() -> Plan {
    let assigned = |change: Change| {
        change.because("group:platform is assigned 15five/member", "access/apps/15five.yaml:41")
    };
    let mut changes = vec![
        life("eve", ChangeKind::Disable, Cause::Left)
            .because("user:eve has status left", "access/people/engineering.yaml:31")
            .remote("2819"),
        role("eve", "member", ChangeKind::RoleRevoke, Cause::Left)
            .because("user:eve has status left", "access/people/engineering.yaml:31"),
        role("bob", "admin", ChangeKind::RoleRevoke, Cause::Drift)
            .privileged()
            .because("no assignment gives 15five/admin to user:bob", "access/apps/15five.yaml:12"),
        update("bob", "title", "Senior Platform Engineer", "Staff Platform Engineer", Cause::Config)
            .because("title is user.title", "access/mappings.yaml:9")
            .because("title is set", "access/people/engineering.yaml:14"),
        role("ada", "admin", ChangeKind::RoleGrant, Cause::Config)
            .privileged()
            .because("group:sre is assigned 15five/admin", "access/apps/15five.yaml:37")
            .because("user:ada is a member of group:sre", "access/groups.yaml:22"),
        assigned(create("grace", "grace@acme.example"))
            .because("user:grace is a member of group:platform", "access/groups.yaml:12"),
        assigned(role("grace", "member", ChangeKind::RoleGrant, Cause::Config))
            .because("user:grace is a member of group:platform", "access/groups.yaml:12"),
        member("grace", "platform", ChangeKind::MemberAdd, Cause::Config)
            .because("user:grace is a member of group:platform", "access/groups.yaml:12"),
        member("carol", "auditors", ChangeKind::MemberRemove, Cause::Expiry)
            .because("the grant of user:carol ended on 2026-07-28", "access/groups.yaml:30"),
        life("frank", ChangeKind::Adopt, Cause::Config)
            .remote("3077")
            .because("userName is equal: frank@acme.example", "access/people/sales.yaml:3"),
        update("linus", "username", "linus@old.example", "linus@acme.example", Cause::Config)
            .because("userName is user.email", "access/mappings.yaml:4"),
    ];
    for id in ["dora", "emil", "finn", "gina"] {
        changes.push(
            update(id, "department", "Eng", "Engineering", Cause::Config)
                .because("department is user.department", "access/mappings.yaml:11"),
        );
    }
    for id in ["hana", "ivan", "june", "kurt", "lena"] {
        changes.push(
            life(id, ChangeKind::Disable, Cause::Config)
                .because("no assignment names them", "access/apps/15five.yaml:41")
                .held("guard:deprovision", "deprovision: 5 people, 2 allowed (5 % of 40)"),
        );
    }
    changes.push(
        life("mona", ChangeKind::Enable, Cause::Drift)
            .held("hand", "this account was disabled in the app, not by rolecall; `--enable mona` or a change of mona in YAML turns it on again"),
    );
    let mut app = app(APP, changes);
    app.guards = vec![
        guard(Guard::Deprovision, 5, 40, 2, Share::Percent(5), true),
        guard(Guard::Revoke, 1, 30, 7, Share::Percent(25), false),
    ];
    app.coming = vec![Coming {
        at: instant("2026-08-05T22:00:00Z"),
        text: "carol's grant of 15five/member ends".to_owned(),
        place: Some(place("access/apps/15five.yaml:44")),
    }];
    app.notices = vec![
        notice(
            NoticeKind::StillHasAccess,
            "zed",
            "zed (Zed Old) left on 2026-07-01 and account 77 is active; the next apply disables it",
            "",
            "access/people/sales.yaml:90",
        ),
        notice(
            NoticeKind::NotKept,
            "ada",
            "displayName: asked for Ada Lovelace, the app keeps Lovelace, for 3 days",
            "take it out of the mapping, or change the app's setting",
            "",
        ),
        notice(
            NoticeKind::Unmanaged,
            "",
            "account 9001 (printer@acme.example) is declared by nobody",
            "declare the person, or list the account under `protect:`",
            "",
        ),
        notice(
            NoticeKind::Unmanaged,
            "",
            "account 9002 (scanner@acme.example) is declared by nobody",
            "declare the person, or list the account under `protect:`",
            "",
        ),
    ];
    plan(vec![app])
}

/// A first plan of a larger company.
pub(super) fn large(people: usize) -> Plan {
    let teams = ["engineering", "sales", "support"];
    let mut changes = Vec::new();
    for number in 0..people {
        let id = format!("u{number:05}");
        let team = teams[number % 7 % 3];
        let chain = |change: Change| {
            change
                .because(&format!("group:{team} is assigned 15five/member"), "access/apps/15five.yaml:41")
                .because(
                    &format!("user:{id} is a member of group:{team}"),
                    &format!("access/groups/{team}.yaml:{}", number + 4),
                )
        };
        changes.push(chain(create(&id, &format!("{id}@acme.example"))));
        changes.push(chain(role(&id, "member", ChangeKind::RoleGrant, Cause::Config)));
        changes.push(member(&id, team, ChangeKind::MemberAdd, Cause::Config).because(
            &format!("user:{id} is a member of group:{team}"),
            &format!("access/groups/{team}.yaml:{}", number + 4),
        ));
    }
    changes.push(
        role("u00003", "admin", ChangeKind::RoleGrant, Cause::Config)
            .privileged()
            .because("user:u00003 is assigned 15five/admin", "access/apps/15five.yaml:37"),
    );
    changes.push(
        life("leaver", ChangeKind::Disable, Cause::Left)
            .because("user:leaver has status left", "access/people.yaml:3"),
    );
    plan(vec![app(APP, changes)])
}

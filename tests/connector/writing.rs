//! Writing to real servers.

use rolecall::model::op::{Action, After, Outcome, OutcomeState};
use rolecall::model::remote::{ListRequest, Presence};
use rolecall::model::seen::{Activity, Seen};
use rolecall::model::{Kind, Path, Remote, RemoteId, Value};

use crate::connector::rig::{Builder, Rig, app, path, scim2_server, want};
use crate::support::proxy::{Proxy, then, when};
use crate::support::servers::RealServer;

pub const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
pub const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
pub const WORK: &str = r#"emails[type eq "work"].value"#;

/// A real server with the settings it needs.
pub struct Target {
    pub name: &'static str,
    pub server: RealServer,
}

impl Target {
    pub fn all() -> Vec<Target> {
        let target = |name, server| Target { name, server };
        vec![
            target("scim2-server", scim2_server()),
            target("scimmy", RealServer::scimmy()),
            target("django-scim2", RealServer::django_scim2()),
        ]
    }

    pub fn through(&self, url: &str) -> Builder {
        let app = app(url, &self.server.token);
        match self.name {
            "django-scim2" => app
                .set("update.users", "put")
                .set("update.groups", "put")
                .set("members.remove_style", "value-array"),
            _ => app,
        }
    }

    pub fn open(&self) -> (Proxy, Rig) {
        let proxy = Proxy::before(&self.server);
        let rig = self.through(&proxy.base_url()).open();
        (proxy, rig)
    }
}

pub fn set(values: &[(&str, &str)]) -> Vec<(Path, Value)> {
    values
        .iter()
        .map(|(name, value)| match *value {
            "" => (path(name), Value::Null),
            value => (path(name), value.into()),
        })
        .collect()
}

pub fn person() -> ListRequest {
    want(
        Kind::User,
        &["userName", "externalId", "name.givenName", "name.familyName", "title", WORK, DEPARTMENT, MANAGER],
    )
}

pub fn ada() -> Vec<(Path, Value)> {
    set(&[
        ("userName", "ada"),
        ("externalId", "x-ada"),
        ("name.givenName", "Ada"),
        ("name.familyName", "Lovelace"),
        (WORK, "ada@acme.example"),
    ])
}

pub fn create(rig: &Rig, attributes: Vec<(Path, Value)>) -> Remote {
    done(rig.write(&person(), Action::CreateUser { attributes }))
}

pub fn create_named(rig: &Rig, name: &str) -> RemoteId {
    let external = format!("x-{name}");
    let mail = format!("{name}@acme.example");
    let attributes = set(&[("userName", name), ("externalId", &external), (WORK, &mail)]);
    create(rig, attributes).id
}

pub fn update(remote: &RemoteId, values: &[(&str, &str)]) -> Action {
    Action::UpdateUser { remote: remote.clone(), set: set(values), lists: vec![], active: None }
}

pub fn activity(remote: &RemoteId, active: bool) -> Action {
    Action::UpdateUser { remote: remote.clone(), set: vec![], lists: vec![], active: Some(active) }
}

/// The object after a write that the app accepted.
pub fn done(outcome: Outcome) -> Remote {
    match outcome {
        Outcome {
            state: OutcomeState::Written, after: After::Answered(after) | After::Read(after), ..
        } => *after,
        other => panic!("{other:?}"),
    }
}

pub fn value(remote: &Remote, name: &str) -> Value {
    let at = person().paths.iter().position(|known| *known == path(name)).unwrap();
    match &remote.attributes[at] {
        Seen::Is(value) => value.clone(),
        Seen::None => Value::Null,
        Seen::Unread(why) => panic!("{name}: {why}"),
    }
}

#[test]
fn an_account_lives_on_every_server() {
    for target in Target::all() {
        let name = target.name;
        let (proxy, rig) = target.open();
        let created = create(&rig, ada());
        assert_eq!(created.name.as_deref(), Some("ada"), "{name}");
        assert_eq!(created.activity, Activity::On, "{name}");
        assert_eq!(created.our_id.as_deref(), Some("x-ada"), "{name}");
        assert_eq!(created.emails, ["ada@acme.example".into()], "{name}");

        let id = &created.id;
        let Ok(Presence::Here(read)) = rig.get(&person(), id.as_str()) else { panic!("{name}") };
        let times = created.created.zip(read.created);
        assert!(times.is_some_and(|(answered, read)| answered.is(read)), "{name}: {times:?}");
        let after =
            done(rig.write(&person(), update(id, &[("name.givenName", "Augusta"), ("userName", "augusta")])));
        assert_eq!(value(&after, "name.givenName"), "Augusta".into(), "{name}");
        assert_eq!(value(&after, "name.familyName"), "Lovelace".into(), "{name}");
        assert_eq!(after.name.as_deref(), Some("augusta"), "{name}");
        assert_eq!(after.emails, ["ada@acme.example".into()], "{name}");

        let after = done(rig.write(&person(), activity(id, false)));
        assert_eq!(after.activity, Activity::Off, "{name}");
        let writes = proxy.writes().len();
        let again = rig.write(&person(), activity(id, false));
        assert_eq!(again.state, OutcomeState::Already, "{name}");
        assert_eq!(proxy.writes().len(), writes, "{name}: what is so already is not sent");
        assert_eq!(done(rig.write(&person(), activity(id, true))).activity, Activity::On, "{name}");

        let outcome = rig.write(&person(), Action::DeleteUser { remote: id.clone() });
        assert_eq!(outcome.state, OutcomeState::Written, "{name}");
        let writes = proxy.writes().len();
        let outcome = rig.write(&person(), Action::DeleteUser { remote: id.clone() });
        assert_eq!(outcome.state, OutcomeState::Already, "{name}");
        assert_eq!(proxy.writes().len(), writes, "{name}");
    }
}

#[test]
fn entries_extensions_and_references_are_written_and_taken_away() {
    for target in Target::all().into_iter().filter(|target| target.name != "django-scim2") {
        for style in ["path", "object", "put", "avoid"] {
            // Without a path, scimmy adds to a list that it should replace.
            if (target.name, style) == ("scimmy", "object") {
                continue;
            }
            let name = format!("{} {style}", target.name);
            let url = target.server.fresh();
            let app = app(&url.base_url, &url.token);
            let rig = match style {
                "put" => app.set("update.users", "put"),
                "avoid" => app.set("patch.value_paths", "avoid"),
                style => app.set("patch.style", style),
            }
            .open();
            let boss = create_named(&rig, "boss");
            let ada = create(&rig, set(&[("userName", "ada"), ("title", "Analyst")])).id;
            let after = done(rig.write(
                &person(),
                update(
                    &ada,
                    &[(WORK, "a@x.example"), (DEPARTMENT, "R&D"), (MANAGER, boss.as_str()), ("title", "")],
                ),
            ));
            assert_eq!(value(&after, WORK), "a@x.example".into(), "{name}");
            assert_eq!(value(&after, DEPARTMENT), "R&D".into(), "{name}");
            assert_eq!(value(&after, MANAGER), boss.as_str().into(), "{name}");
            assert_eq!(value(&after, "title"), Value::Null, "{name}");
            let after = done(rig.write(&person(), update(&ada, &[(WORK, "b@x.example"), (MANAGER, "")])));
            assert_eq!(after.emails, ["b@x.example".into()], "{name}");
            assert_eq!(value(&after, MANAGER), Value::Null, "{name}");
            assert_eq!(value(&after, DEPARTMENT), "R&D".into(), "{name}");
            let after = done(rig.write(&person(), update(&ada, &[(WORK, ""), (DEPARTMENT, "")])));
            assert!(after.emails.is_empty(), "{name}");
            assert_eq!(value(&after, DEPARTMENT), Value::Null, "{name}");
        }
    }
}

#[test]
fn what_nobody_named_stays() {
    let server = scim2_server();
    for style in ["patch", "put"] {
        let rig = app(&server.fresh().base_url, &server.token).set("update.users", style).open();
        let full = set(&[
            ("userName", "ada"),
            ("title", "Analyst"),
            (r#"emails[type eq "home"].value"#, "home@x.example"),
            (WORK, "work@x.example"),
            ("nickName", "Countess"),
        ]);
        let id = create(&rig, full).id;
        let after = done(rig.write(&person(), update(&id, &[(WORK, "new@x.example"), ("title", "Lead")])));
        let mut emails = after.emails.clone();
        emails.sort();
        assert_eq!(emails, ["home@x.example".into(), "new@x.example".into()], "{style}");
        let want = want(Kind::User, &["nickName", "title"]);
        match rig.get(&want, id.as_str()).unwrap() {
            Presence::Here(remote) => {
                assert_eq!(
                    remote.attributes,
                    ["Countess", "Lead"].map(|value| Seen::Is(value.into())),
                    "{style}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_style_the_app_lacks_is_named() {
    let server = RealServer::django_scim2();
    let rig = app(&server.base_url, &server.token).open();
    let id = create_named(&rig, "ada");
    let outcome = rig.write(&person(), update(&id, &[("title", "Analyst")]));
    let OutcomeState::Refused { why, .. } = outcome.state else {
        panic!("{outcome:?}");
    };
    assert!(why.ends_with("set `settings.update.users: put`"), "{why}");
}

#[test]
fn an_app_that_keeps_one_address_without_its_type() {
    let server = RealServer::django_scim2();
    let rig = app(&server.base_url, &server.token)
        .set("update.users", "put")
        .set("single_valued", Value::List(vec!["emails".into()]))
        .open();
    let created = create(&rig, ada());
    assert_eq!(value(&created, WORK), "ada@acme.example".into());
    let after = done(rig.write(&person(), update(&created.id, &[(WORK, "new@acme.example")])));
    assert_eq!(value(&after, WORK), "new@acme.example".into());
    assert_eq!(after.emails, ["new@acme.example".into()]);
    let found = rig.find(&person(), WORK, "new@acme.example").unwrap();
    assert_eq!(found[0].id, created.id);

    let server = scim2_server();
    let rig =
        app(&server.base_url, &server.token).set("single_valued", Value::List(vec!["emails".into()])).open();
    let id = create(&rig, set(&[("userName", "ada"), (r#"emails[type eq "home"].value"#, "h@x.example")])).id;
    let after = done(rig.write(&person(), update(&id, &[(WORK, "w@x.example")])));
    assert_eq!(after.emails, ["w@x.example".into()]);
}

#[test]
fn operations_can_be_sent_one_by_one_and_in_the_words_of_old_servers() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token)
        .number("patch.ops_per_request", 1)
        .set("patch.op_case", "capitalised")
        .open();
    let id = create_named(&rig, "ada");
    let after = done(rig.write(&person(), update(&id, &[("title", "A"), ("name.givenName", "G")])));
    assert_eq!(value(&after, "title"), "A".into());
    let patches: Vec<_> =
        proxy.writes().into_iter().filter(|write| write.request.method == "PATCH").collect();
    assert_eq!(patches.len(), 2);
    assert_eq!(patches[0].request.json()["Operations"][0]["op"], "Replace");
}

#[test]
fn external_id_can_be_left_out() {
    let server = scim2_server();
    let rig = app(&server.base_url, &server.token)
        .set("external_id", "omit")
        .set("content_type", "json")
        .set("headers.X-Tenant", "acme")
        .open();
    let created = create(&rig, ada());
    assert_eq!(created.our_id, None);
    let outcome = rig.write(&person(), update(&created.id, &[("externalId", "new")]));
    assert_eq!(outcome.state, OutcomeState::Already);
}

#[test]
fn a_duplicate_is_refused_with_a_way_on() {
    let server = scim2_server();
    let rig = app(&server.base_url, &server.token).open();
    let ada = create_named(&rig, "ada");
    let attributes = set(&[("userName", "ADA")]);
    let outcome = rig.write(&person(), Action::CreateUser { attributes });
    // The next plan asks about that account.
    assert_eq!(outcome.holder.as_ref(), Some(&ada));
    let OutcomeState::Refused { why, .. } = outcome.state else {
        panic!("{outcome:?}");
    };
    assert!(why.contains("409 Conflict (uniqueness)"), "{why}");
    let holder = format!("account {ada} (ada) has this userName: change one of the two values");
    assert!(why.ends_with(&holder), "{why}");
    // So is an update to a value that another account has.
    let bob = create_named(&rig, "bob");
    let outcome = rig.write(&person(), update(&bob, &[("userName", "Ada")]));
    assert_eq!(outcome.holder.as_ref(), Some(&ada));
    let OutcomeState::Refused { why, .. } = outcome.state else {
        panic!("{outcome:?}");
    };
    assert!(why.ends_with(&holder), "{why}");
}

#[test]
fn a_group_that_has_the_name_with_a_prefix_is_named() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).open();
    let want = want(Kind::Group, &["displayName"]);
    let create = |name: &str| {
        let attributes = set(&[("displayName", name)]);
        rig.write(&want, Action::CreateGroup { attributes })
    };
    let prefixed = done(create("PRIMARY/Builders"));
    proxy.arm(when::method("POST"), then::status(409));
    let OutcomeState::Refused { why, .. } = create("Builders").state else { panic!("it is refused") };
    let id = &prefixed.id;
    assert!(why.contains(&format!("group {id} has the name \"PRIMARY/Builders\"")), "{why}");
    assert!(why.contains(&format!("`group:ID: \"{id}\"`")), "{why}");
}

#[test]
fn a_connection_for_reading_does_not_write() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).reading().open();
    let outcome = rig.write(&person(), Action::CreateUser { attributes: ada() });
    assert!(matches!(outcome.state, OutcomeState::NotSent { .. }));
    assert!(proxy.writes().is_empty());
}

#[test]
fn a_closed_gate_keeps_every_write() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).open();
    let id = create_named(&rig, "ada");
    let writes = proxy.writes().len();
    let closed = |_| Err("the lease is over".to_owned());
    for action in [
        Action::CreateUser { attributes: ada() },
        update(&id, &[("title", "A")]),
        Action::DeleteUser { remote: id.clone() },
    ] {
        let outcome = rig.write_through(&person(), action, &closed);
        let OutcomeState::NotSent { why } = outcome.state else {
            panic!("{outcome:?}");
        };
        assert!(why.contains("the lease is over"), "{why}");
    }
    assert_eq!(proxy.writes().len(), writes);
}

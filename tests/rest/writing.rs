//! Writes whose answers are lost, or say something else than what the app does.

use serde_json::{Value, json};

use super::cloud::Cloud;
use super::community::told;
use super::company::Company;
use super::{no_off, office};
use crate::support::proxy::then::{self, Then};
use crate::support::proxy::{Edge, when};
use crate::support::wire::Response;

/// The app has done it, and answers an error or not at all: a look decides, and nothing is done twice.
#[test]
fn no_write_that_took_effect_is_repeated() {
    let lost: [fn() -> Then; 2] = [|| then::status_after_effect(500), then::cut_after_effect];
    for then in lost {
        let (company, proxy) = Company::behind(&[]);
        let office = &company.office;
        company.repo.replace("access/app.yaml", "wait: 4s", "wait: 30s").commit("Patience");
        let arm = || proxy.arm(when::write(), then());
        arm();
        company.run(&["apply", "--yes"]).ends_with(0);
        let sent = |method: &str, part: &str| office.count(method, part);
        assert_eq!((sent("POST", "/people?"), sent("POST", "/teams"), sent("POST", "/members")), (5, 4, 3));
        assert_eq!(sent("PUT", "/reports/"), 2);
        proxy.heal();
        company.nothing_is_left();
        arm();
        for (old, new) in [
            ("kim@acme.example", "kim.b@acme.example"),
            ("kim.b@acme.example}", "kim.b@acme.example, status: suspended}"),
            ("kim.b@acme.example, status: suspended}", "kim.b@acme.example}"),
            ("bob@acme.example, manager: ada", "bob@acme.example, manager: kim"),
            ("eve@acme.example, manager: ada", "eve@acme.example"),
            ("user:kim, user:lee]", "user:kim]"),
        ] {
            office.data().log.clear();
            company.apply(old, new).ends_with(0);
            let log = office.data().log.clone();
            let writes: Vec<_> = log.iter().filter(|(method, ..)| method != "GET").collect();
            let most = if new == "user:kim]" { 2 } else { 1 };
            assert!((1..=most).contains(&writes.len()), "{new}: {writes:?}");
        }
        assert_eq!(office.manager("bob").as_deref(), Some("kim"));
        assert_eq!((office.manager("eve"), &office.person("lee")["state"]), (None, &json!("off")));
        assert_eq!(office.team("Everybody"), ["ada", "bob", "eve", "kim"]);
        proxy.heal();
        company.nothing_is_left();
    }
}

/// A batch of which a part is done: what is there is not added again, and the rest is.
#[test]
fn a_batch_that_was_half_applied_is_completed() {
    let company = Company::new();
    company.office.data().halves = 2;
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim", "lee"]);
    assert_eq!(company.office.data().halves, 0);
    company.nothing_is_left();
}

/// A delete that the app accepts and never does is not done: the next plan has it again.
#[test]
fn a_job_that_is_accepted_and_never_done_is_not_done() {
    let (company, proxy) = Company::behind(&no_off::EDITS);
    company.repo.replace("access/app.yaml", "deprovision: delete, delete_after: 1d", "deprovision: delete");
    company.repo.commit("At once");
    company.run(&["apply", "--yes"]).ends_with(0);
    let accepted = Response::new(202).body("application/json", "");
    proxy.arm(when::method("DELETE").and(when::target("/people/")), then::answer(accepted));
    let applied = company.apply("kim@acme.example}", "kim@acme.example, status: left}").ends_with(3);
    assert!(told(&applied).contains("202"), "{}", told(&applied));
    let plan = company.run(&["plan", "--detailed-exitcode"]).ends_with(2);
    assert!(plan.stdout.contains("kim (Kim)  delete account kim"), "{}", plan.stdout);
    proxy.heal();
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.data().people.len(), 4);
    company.nothing_is_left();
}

/// What an answer to a write repeats is not a read: a value that no list shows afterwards is reported, and not sent for ever.
#[test]
fn an_answer_that_repeats_what_was_sent_proves_nothing() {
    let cloud = Cloud::applied();
    let old = |_: &_, body: &mut Value| {
        let all = body.get_mut("users").and_then(Value::as_array_mut);
        let rows: Vec<&mut Value> = match all {
            Some(rows) => rows.iter_mut().collect(),
            None => body.get_mut("user").into_iter().collect(),
        };
        for user in rows.into_iter().filter(|user| user["rolecall_id"] == "bob") {
            user["email"] = json!("bob@acme.example");
        }
    };
    cloud.proxy.arm(when::method("GET").and(when::target("/v3/users")), then::rewrite_json(old));
    cloud.repo.replace(
        "access/cloud.yaml",
        "assignments:",
        "mappings:
  own: {match: [externalId, name], attributes: {name: {expr: user.email, apply: create}, email: user.email, externalId: user.id}}
assignments:",
    );
    cloud.repo.replace(
        "access/cloud.yaml",
        "    groups: {push: [eng]}\n",
        "    groups: {push: [eng]}\n    users: {mapping: own}\n",
    );
    cloud.apply("bob@acme.example", "robert@acme.example");
    cloud.run(&["apply", "--yes"]);
    let patches = || cloud.proxy.writes().iter().filter(|one| one.request.method == "PATCH").count();
    let sent = patches();
    assert!((1..=3).contains(&sent), "{sent}");
    let plan = cloud.run(&["apply", "--yes"]).ends_with(0);
    assert!(plan.stdout.contains("Not kept by the app (1)"), "{}", plan.stdout);
    assert_eq!(patches(), sent);
}

/// A value that the app does not let change, of which the document knows nothing: the app's words, and no half change.
#[test]
fn a_value_that_cannot_change_is_refused_whole() {
    let company =
        Company::with(&[(", fixed: true}", "}"), ("username: user.id", "username: user.name.display")]);
    company.run(&["apply", "--yes"]).ends_with(0);
    let before = company.office.person("Kim");
    let applied = company.apply("{name: Kim,", "{name: Kim B,").ends_with(3);
    assert!(applied.stdout.contains("the username cannot change"), "{}", applied.stdout);
    assert_eq!(company.office.person("Kim"), before);
}

/// The addresses of the document have logins in place of ids, and members are named by their logins.
const BY_LOGIN: [(&str, &str); 6] = [
    ("      id: id\n      created", "      id: id\n      key: username\n      created"),
    (
        "      list: {query: {filter: [all]}}\n",
        "      list: {query: {filter: [all]}}\n      get: {GET: \"/people/{key}\"}\n",
    ),
    ("update: {PUT: \"/people/{id}\",", "update: {PUT: \"/people/{key}\","),
    ("        account: id\n", "        account: username\n        by: username\n"),
    ("delete: {effect", "delete: {DELETE: \"/people/{key}\", effect"),
    (
        "    not_shown: {invited: there is no such thing}\n",
        "    not_shown: {invited: there is no such thing, power: none}\n",
    ),
];

/// Once the list was read, the login of Kim is somebody else's, and Kim has another one.
fn changes_hands(company: &Company, proxy: &crate::support::proxy::Proxy) -> u64 {
    let kim = company.office.id("kim");
    let stranger = kim + 1_000;
    let keeper = company.office.keeper();
    let swap = move |_: &_| {
        let mut data = keeper.lock().expect("no handler panicked");
        if data.people.contains_key(&stranger) {
            return;
        }
        let mut other = data.people[&kim].clone();
        data.people.get_mut(&kim).expect("Kim").insert("username".to_owned(), json!("kim2"));
        other.insert("id".to_owned(), json!(stranger));
        other.remove("extra");
        data.people.insert(stranger, other);
        for (_, members) in data.teams.values_mut() {
            members.insert(stranger);
        }
    };
    // The list is read again under the lease.
    let looks = when::method("GET").and(when::requests(|request| request.path().ends_with("/people/kim")));
    let team = when::method("GET").and(when::requests(|request| {
        request.path().rsplit_once("/teams/").is_some_and(|(_, id)| id.parse::<u64>().is_ok())
    }));
    proxy.arm(looks.or(team), then::run(Edge::BeforeServer, swap));
    stranger
}

/// A login that changes hands between the list and the write: the account that has it now is left alone.
#[test]
fn whoever_got_a_login_meanwhile_is_left_alone() {
    let (company, proxy) = Company::behind(&BY_LOGIN);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim", "lee"]);
    let stranger = changes_hands(&company, &proxy);
    let applied = company.apply("kim@acme.example}", "kim@acme.example, status: suspended}");
    assert_ne!(applied.status, 0, "{}", told(&applied));
    let data = company.office.data();
    assert_eq!(data.people[&stranger]["state"], "on", "{}", told(&applied));
    assert!(data.log.iter().all(|(method, path, _)| method == "GET" || !path.ends_with("/people/kim")));
}

#[test]
fn nobody_leaves_a_group_for_a_login_that_is_somebody_elses_now() {
    let (company, proxy) = Company::behind(&BY_LOGIN);
    company.repo.replace(
        "access/app.yaml",
        "assignments:\n",
        "assignments:\n  - {app: office, role: user, members: [user:kim]}\n",
    );
    company.run(&["apply", "--yes"]);
    let stranger = changes_hands(&company, &proxy);
    let applied = company.apply("user:kim, user:lee]", "user:lee]");
    let data = company.office.data();
    let (_, members) = data.teams.values().next().expect("a team");
    assert!(members.contains(&stranger), "{}", told(&applied));
    assert_ne!(applied.status, 0, "{}", told(&applied));
}

/// Words around a value stay where they are: the answer of the app is compared by the id that was asked for.
#[test]
fn an_answer_about_somebody_else_is_no_answer() {
    let (company, proxy) = Company::behind(&[]);
    company.run(&["apply", "--yes"]).ends_with(0);
    let bob = company.office.id("bob");
    let kim = company.office.id("kim");
    let of_kim = format!("/people/{kim}");
    let look = when::method("GET").and(when::requests(move |request| request.path().ends_with(&of_kim)));
    proxy.arm(look, office::rewritten(move |body| body["id"] = json!(bob)));
    let applied = company.apply("kim@acme.example", "kim.b@acme.example").ends_with(3);
    assert!(told(&applied).contains("another object than the one asked for"), "{}", told(&applied));
    assert_eq!(company.office.count("PUT", "/people/"), 2, "two managers, and nobody else");
}

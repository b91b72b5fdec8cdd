//! What an app shows in another form than its document says, or does not show at all: it is no value, and nobody loses or keeps
//! access for it without a word.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::cloud::Cloud;
use super::community::told;
use super::company::Company;
use super::office;
use crate::support::proxy::then::{self, Then};
use crate::support::proxy::when::When;
use crate::support::proxy::{Proxy, when};

/// The answers that show teams.
fn teams() -> When {
    when::method("GET").and(when::target("/teams"))
}

/// The answers that show people, in a list or alone.
fn people() -> When {
    when::method("GET").and(when::requests(|request| {
        let below = request.path().rsplit_once("/people").map(|(_, below)| below.to_owned());
        below.is_some_and(|below| below.is_empty() || below[1..].parse::<u64>().is_ok())
    }))
}

/// Changes every object in an answer.
fn each(change: fn(&mut Map<String, Value>)) -> Then {
    office::rewritten(move |body| match body {
        Value::Array(rows) => rows.iter_mut().filter_map(Value::as_object_mut).for_each(change),
        Value::Object(object) => match object.get_mut("list") {
            Some(Value::Array(rows)) => rows.iter_mut().filter_map(Value::as_object_mut).for_each(change),
            _ => change(object),
        },
        _ => {}
    })
}

fn applied() -> (Company, Proxy) {
    let (company, proxy) = Company::behind(&[]);
    company.run(&["apply", "--yes"]).ends_with(0);
    (company, proxy)
}

/// K2, K4: members that are not shown, not all shown or not understood are no members: whom rolecall added is taken out by name, and
/// nobody else is touched.
#[test]
fn members_that_cannot_be_read_are_neither_lost_nor_kept_in_silence() {
    let forms: [fn(&mut Map<String, Value>); 4] = [
        |team| _ = team.remove("members"),
        |team| _ = team.insert("members".to_owned(), json!("none")),
        |team| _ = team.insert("members".to_owned(), json!({"count": 5})),
        |team| _ = team.insert("members".to_owned(), json!([{"name": "Lee"}])),
    ];
    for form in forms {
        let (company, proxy) = applied();
        proxy.arm(teams(), each(form));
        let plan = company.run(&["plan"]);
        assert!(plan.stdout.contains("its members cannot be read"), "{}", plan.stdout);
        assert!(
            !plan.stdout.contains("add to group") && !plan.stdout.contains("remove from"),
            "{}",
            plan.stdout
        );
        let left = company.apply("user:kim, user:lee]", "user:kim]");
        assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim"], "{}", told(&left));
        let sent = company.office.count("DELETE", "/members/");
        company.run(&["apply", "--yes"]);
        assert_eq!(company.office.count("DELETE", "/members/"), sent, "it is taken once");
        assert_eq!(company.office.count("POST", "/members"), 3, "nobody is added again");
    }
}

/// K2: as many members as the app shows at most are not all.
#[test]
fn members_at_their_cap_are_not_all() {
    let company =
        Company::with(&[("        list: {in: members}\n", "        list: {in: members}\n        cap: 3\n")]);
    company.run(&["apply", "--yes"]);
    let plan = company.run(&["plan"]);
    assert!(plan.stdout.contains("its members cannot be read"), "{}", plan.stdout);
    assert!(!plan.stdout.contains("remove from"), "{}", plan.stdout);
    assert_eq!(company.office.team("Everybody").len(), 5);
}

/// K3: whether an account is on is unknown where its place is missing, null or of another form. A disabling is sent once.
#[test]
fn an_account_of_unknown_state_is_neither_on_nor_off() {
    let forms: [fn(&mut Map<String, Value>); 4] = [
        |person| _ = person.remove("state"),
        |person| _ = person.insert("state".to_owned(), Value::Null),
        |person| _ = person.insert("state".to_owned(), json!(0)),
        |person| _ = person.insert("state".to_owned(), json!({"is": "off"})),
    ];
    for form in forms {
        let (company, proxy) = applied();
        proxy.arm(people(), each(form));
        let left = company.apply("kim@acme.example}", "kim@acme.example, status: suspended}");
        assert_eq!(company.office.person("kim")["state"], "off", "{}", told(&left));
        let sent = company.office.count("PUT", "/people/");
        for _ in 0..2 {
            company.run(&["apply", "--yes"]);
        }
        assert!(company.office.count("PUT", "/people/") <= sent + 1, "{}", told(&left));
        assert_eq!(company.office.data().people.len(), 5);
    }
}

/// K3: an account of unknown state that was there before is not adopted as one that is on.
#[test]
fn an_account_of_unknown_state_is_not_adopted_as_active() {
    let (company, proxy) = applied();
    company.run(&["ledger", "unlink", "office", "kim", "--reason", "again"]).ends_with(0);
    let kim = company.office.id("kim");
    company.office.data().people.get_mut(&kim).unwrap().insert("state".to_owned(), json!("off"));
    proxy.arm(people(), each(|person| _ = person.remove("state")));
    let applied = company.run(&["apply", "--yes"]);
    assert_eq!(company.office.person("kim")["state"], "off", "{}", told(&applied));
    assert_eq!(company.office.data().people.len(), 5, "{}", told(&applied));
}

/// K5: the same login and the same id in another spelling is nobody else.
#[test]
fn another_spelling_is_nobody_else() {
    let (company, proxy) = applied();
    proxy.arm(
        people(),
        each(|person| {
            let login = person["username"].as_str().unwrap_or_default().to_uppercase();
            person.insert("username".to_owned(), json!(login));
        }),
    );
    company.nothing_is_left();

    let cloud = Cloud::applied();
    let members = when::method("GET").and(when::requests(|request| {
        request.path().starts_with("/v3/groups/") && request.path().ends_with("/users")
    }));
    cloud.proxy.arm(
        members,
        then::rewrite_json(|_, body| {
            for user in body["users"].as_array_mut().expect("users") {
                user["id"] = json!(user["id"].as_str().expect("an id").to_uppercase());
            }
        }),
    );
    let plan = cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    assert!(!plan.stdout.contains("nobody declared"), "{}", plan.stdout);
}

/// K7: rows that are nobody make the list short; who is declared to leave goes, and the others are not stopped.
#[test]
fn an_odd_row_stops_nobody_who_leaves() {
    let odd: [fn() -> Value; 4] = [
        || Value::Null,
        || json!("nobody"),
        || json!({"username": "ghost"}),
        || json!({"id": {"value": 7}, "username": ["a"], "emails": 5, "state": "on"}),
    ];
    for row in odd {
        let (company, proxy) = applied();
        let add = office::rewritten(move |body| {
            if let Some(Value::Array(rows)) = body.get_mut("list") {
                rows.push(row());
            }
        });
        proxy.arm(when::method("GET").and(when::target("/people?")).and(when::target("startIndex=0")), add);
        let left = company.apply("kim@acme.example}", "kim@acme.example, status: left}");
        assert_eq!(company.office.person("kim")["state"], "off", "{}", told(&left));
        assert_eq!(left.status, 3, "{}", told(&left));
        assert!(told(&left).contains("did not show all"), "{}", told(&left));
        let check = company.run(&["check"]);
        assert!(told(&check).contains("id"), "{}", told(&check));
        assert_eq!(company.office.data().people.len(), 5);
    }
    // A team that is not understood stops no other.
    let (company, proxy) = applied();
    let add = office::rewritten(|body| {
        if let Value::Array(rows) = body {
            rows.extend([Value::Null, json!({"id": 99, "title": ["x"], "members": "none"})]);
        }
    });
    proxy.arm(when::method("GET").and(when::requests(|request| request.path().ends_with("/teams"))), add);
    company.apply("user:kim, user:lee]", "user:kim]");
    assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim"]);
}

/// K8: habits that many apps share: 404 for a list without rows, a byte order mark, an address with a query.
#[test]
fn common_habits_stop_nothing() {
    // The document says that the app answers so: an empty list is believed where nobody is known there.
    let company = Company::with(&[(
        "      list: {page: {by: none}}\n",
        "      list: {GET: /no-teams, page: {by: none}, means: [{for: [list], status: 404, is: empty}]}\n",
    )]);
    let plan = company.run(&["plan"]).ends_with(0);
    assert!(plan.stdout.contains("create group"), "{}", plan.stdout);

    let (company, proxy) = applied();
    let marked = then::rewrite(|_, mut answer| {
        if !answer.body.is_empty() {
            answer.body.splice(0..0, "\u{feff}".bytes());
        }
        answer
    });
    proxy.arm(when::every(), marked);
    company.nothing_is_left();

    let url = proxy.base_url();
    company.repo.replace("access/app.yaml", &url, &format!("{url}/?tenant=acme"));
    let told = told(&company.run(&["validate"]).ends_with(1));
    assert!(told.contains("query") && !told.contains("literal-secret"), "{told}");
}

/// K1: a value is taken by an account that the list does not show: it is not created again and again, and nothing is promised.
#[test]
fn an_account_that_no_list_shows_is_not_made_again() {
    let (company, proxy) = Company::behind(&[]);
    let office = &company.office;
    let hidden = json!({"id": 77, "username": "eve", "emails": [], "state": "on", "password": "hush", "created": 1_700_000_000_000_u64});
    office.data().people.insert(77, hidden.as_object().unwrap().clone());
    let hide = office::rewritten(|body| {
        if let Some(Value::Array(rows)) = body.get_mut("list") {
            rows.retain(|row| row["id"] != 77);
        }
    });
    proxy.arm(people(), hide);
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("the username is taken"), "{}", applied.stdout);
    assert!(!applied.stdout.contains("the next plan shows"), "{}", applied.stdout);
    assert_eq!(office.data().people.len(), 5);
    let logins: BTreeSet<String> =
        office.data().people.values().map(|person| person["username"].to_string()).collect();
    assert_eq!(logins.len(), 5);
    // With the list whole, it is found, and is no other's.
    proxy.heal();
    company.run(&["apply", "--yes"]);
    assert_eq!(office.data().people.len(), 5);
}

/// Two accounts match one person: neither is taken, and none is made.
#[test]
fn two_accounts_for_one_person_are_a_question() {
    let company = Company::with(&[
        ("match: [username]", "match: [email]"),
        ("username: user.id", "username: user.email"),
    ]);
    let office = &company.office;
    for (id, login) in [(71, "ada.a"), (72, "ada.b")] {
        let email = json!([{"label": "Email", "type": "work", "value": "ada@acme.example"}]);
        let person = json!({"id": id, "username": login, "emails": email, "state": "on", "password": "hush", "created": 1_700_000_000_000_u64, "roleIds": [1]});
        office.data().people.insert(id, person.as_object().unwrap().clone());
    }
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("71") && applied.stdout.contains("72"), "{}", applied.stdout);
    let created = office
        .data()
        .log
        .iter()
        .filter(|(method, path, body)| {
            method == "POST" && path.contains("/people?") && body.contains("ada@acme.example")
        })
        .count();
    assert_eq!(created, 0, "{}", applied.stdout);
    let untouched = |id: u64| office.data().people[&id].get("extra").is_none();
    assert!(untouched(71) && untouched(72), "{}", applied.stdout);
}

/// Two people swap the addresses that are their logins: neither gets the account of the other.
#[test]
fn two_people_who_swap_their_addresses_keep_their_accounts() {
    let cloud = Cloud::applied();
    let ids = ["ada@acme.example", "bob@acme.example"].map(|name| cloud.id_of(name));
    let writes = || cloud.proxy.writes().iter().filter(|one| one.request.target != "/v3/auth/tokens").count();
    let before = writes();
    cloud.repo.replace("access/people.yaml", "email: ada@acme.example", "email: SWAP");
    cloud.repo.replace("access/people.yaml", "email: bob@acme.example", "email: ada@acme.example");
    let applied = cloud.apply("email: SWAP", "email: bob@acme.example").ends_with(3);
    assert!(applied.stdout.contains("ada") && applied.stdout.contains("bob"), "{}", applied.stdout);
    assert_eq!(writes(), before);
    assert_eq!(["ada@acme.example", "bob@acme.example"].map(|name| cloud.id_of(name)), ids);
    // In two steps, with a third address, it is possible.
    cloud.repo.replace("access/people.yaml", "email: bob@acme.example", "email: ada.l@acme.example");
    cloud.repo.commit("Ada first");
    cloud.run(&["apply", "--yes", "--allow", "cloud:login=2"]).ends_with(0);
    assert_eq!(cloud.id_of("ada@acme.example"), ids[1]);
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

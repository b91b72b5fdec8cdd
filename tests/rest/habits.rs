//! The habits of apps that a document can describe: each with what it must not cost.

use serde_json::json;

use super::company::Company;

#[test]
fn a_company_lives_in_an_app_with_habits() {
    let company = Company::new();
    let office = &company.office;
    company.run(&["apply", "--yes"]).ends_with(0);
    let ada = office.person("ada");
    // A place is filled with what the document puts beside it; dates, numbers and names are as the app writes them.
    assert_eq!(ada["emails"], json!([{"type": "work", "label": "Email", "value": "ada@acme.example"}]));
    assert_eq!((&ada["hired"], &ada["level"]), (&json!(1_768_003_200_000_i64), &json!(3)));
    assert_eq!((&ada["roleIds"], &office.person("bob")["roleIds"]), (&json!([2, 1]), &json!([1])));
    assert!(ada["password"].as_str().is_some_and(|password| password.len() == 24));
    assert_ne!(ada["password"], office.person("bob")["password"]);
    assert_eq!(office.manager("bob").as_deref(), Some("ada"));
    // Five members in batches of two.
    assert_eq!(office.team("Everybody"), ["ada", "bob", "eve", "kim", "lee"]);
    assert_eq!(office.count("POST", "/members"), 3);

    // The second plan is empty, and drawn values are in no output and no ledger.
    let plan = company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    let password = office.person("ada")["password"].as_str().unwrap().to_owned();
    assert!(!plan.stdout.contains(&password));
    let check = company.run(&["check"]).ends_with(0);
    assert!(
        check.stdout.contains("users can be read: 5 (the last page names no next one)"),
        "{}",
        check.stdout
    );
    assert!(check.stdout.contains("the connection's own account is 1"), "{}", check.stdout);
}

/// A whole object is sent back as it was read: what rolecall does not know of stays.
#[test]
fn what_stands_beside_a_value_is_not_lost() {
    let company = Company::new();
    let office = &company.office;
    company.run(&["apply", "--yes"]).ends_with(0);
    let ada = office.id("ada");
    {
        let mut data = office.data();
        let person = data.people.get_mut(&ada).unwrap();
        person.insert("phone".to_owned(), json!("123"));
        let home = json!({"label": "Home", "value": "home@x.example"});
        person["emails"].as_array_mut().unwrap().insert(0, home);
    }
    company.apply("ada@acme.example", "ada.l@acme.example").ends_with(0);
    let person = office.person("ada");
    assert_eq!(person["phone"], "123");
    assert_eq!(
        person["emails"],
        json!([{"label": "Home", "value": "home@x.example"}, {"type": "work", "label": "Email", "value": "ada.l@acme.example"}])
    );
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

#[test]
fn people_are_turned_off_come_back_and_get_another_manager() {
    let company = Company::new();
    let office = &company.office;
    company.run(&["apply", "--yes"]).ends_with(0);
    company.apply("kim@acme.example}", "kim@acme.example, status: suspended}").ends_with(0);
    assert_eq!(office.person("kim")["state"], "off");
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    company.apply("kim@acme.example, status: suspended}", "kim@acme.example}").ends_with(0);
    assert_eq!(office.person("kim")["state"], "on");
    company.apply("bob@acme.example, manager: ada", "bob@acme.example, manager: kim").ends_with(0);
    assert_eq!(office.manager("bob").as_deref(), Some("kim"));
    company.apply("eve@acme.example, manager: ada", "eve@acme.example").ends_with(0);
    assert_eq!(office.manager("eve"), None);
    company.apply("user:kim, user:lee]", "user:kim]").ends_with(0);
    assert_eq!(office.team("Everybody"), ["ada", "bob", "eve", "kim"]);
    assert_eq!(office.person("lee")["state"], "off");
}

/// A login that cannot change is an error of the plan or of the app, and never a half change.
#[test]
fn a_sign_in_page_is_no_answer_about_anybody() {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    let plan = company.repo.rolecall(["plan"]).env("OFFICE_KEY", "wrong").run();
    assert_ne!(plan.status, 0);
    let told = format!("{}{}", plan.stdout, plan.stderr);
    assert!(told.contains("302") && !told.contains("create account"), "{told}");
}

/// The same address with another setting is another app: no link is used there (safety.md 1).
#[test]
fn another_tenant_behind_the_same_address_is_another_app() {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    let shown = company.run(&["ledger", "show", "office"]).ends_with(0);
    let endpoint = format!("{}?settings.tenant=acme", company.office.url);
    assert!(shown.stdout.contains(&endpoint), "{}", shown.stdout);
    let writes = company.office.data().log.len();
    company
        .repo
        .replace("access/app.yaml", "tenant: acme", "tenant: \"R&D north?\"")
        .commit("Another tenant");
    let applied = company.run(&["apply", "--yes"]);
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert_ne!(applied.status, 0);
    assert!(told.contains("?settings.tenant=acme") && told.contains("moved_from"), "{told}");
    let log = company.office.data().log[writes..].to_vec();
    assert!(log.iter().all(|(method, ..)| method == "GET"), "{log:?}");
    // What is gone there says nothing of the accounts here.
    company.office.data().people.clear();
    let reason = ["--reason", "gone"];
    for care in [
        &["ledger", "forget", "office", "ada"][..],
        &["ledger", "forget", "office", "--vanished=5"],
        &["ledger", "rebuild", "office", "--yes"],
    ] {
        let refused = company.run(&[care, &reason].concat());
        assert_eq!(refused.status, 1, "{}", refused.stderr);
        assert!(
            refused.stderr.contains("but app office now names") && refused.stderr.contains("R%26D+north%3F"),
            "{}",
            refused.stderr
        );
    }
    assert_eq!(company.run(&["ledger", "show", "office"]).ends_with(0).stdout, shown.stdout);
    // The way out that is named can be written.
    let moved = format!("tenant: \"R&D north?\"}}\n    moved_from: \"{endpoint}\"");
    company.repo.replace("access/app.yaml", "tenant: \"R&D north?\"}", &moved).commit("Moved");
    company.run(&["validate"]).ends_with(0);
}

/// A group that a directory fills is its own: it is not adopted, and its members stay.
#[test]
fn a_group_that_another_system_fills_is_left_to_it() {
    let company = Company::new();
    {
        let mut data = company.office.data();
        data.teams.insert(7, ("Everybody".to_owned(), Default::default()));
        data.directory.insert(7);
    }
    let applied = company.run(&["apply", "--yes"]);
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert!(told.contains("filled by another system"), "{told}");
    assert!(company.office.team("Everybody").is_empty(), "{told}");
    assert_eq!(company.office.count("POST", "/members"), 0);
}

/// An answer about one object may show no id, and an app may show objects in lists only.
#[test]
fn an_object_is_known_by_the_id_that_a_list_shows() {
    let company = Company::with(&[
        ("      id: id\n      created", "      id: {list: id}\n      created"),
        ("      list: {page: {by: none}}\n", "      list: {page: {by: none}}\n      get: none\n"),
    ]);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim", "lee"]);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    company.apply("kim@acme.example}", "kim@acme.example, status: suspended}").ends_with(0);
    assert_eq!(company.office.person("kim")["state"], "off");
    company.apply("user:kim, user:lee]", "user:kim]").ends_with(0);
    assert_eq!(company.office.team("Everybody"), ["ada", "bob", "eve", "kim"]);
}

/// An app that says that there is no list may say so to an account that may not see it.
#[test]
fn a_list_that_is_not_there_is_not_empty_without_the_rights() {
    let company = Company::with(&[
        ("expect: {admin: [true]}", "expect: {admin: [false]}"),
        (
            "list: {query: {filter: [all]}}",
            "list: {GET: /nobody, query: {filter: [all]}, means: [{for: [list], status: 404, is: empty}]}",
        ),
    ]);
    let plan = company.run(&["plan"]).ends_with(3);
    assert!(plan.stdout.contains("the rights that a whole list needs are not proven"), "{}", plan.stdout);
}

/// A value that the app does not take is refused before it is sent, and a document says how fast the app may be asked.
#[test]
fn what_the_document_says_of_values_and_limits_holds() {
    let company = Company::with(&[
        ("level: {type: integer}", "level: {type: integer, values: [1, 2]}"),
        ("    page: {by: offset", "    limits: {rate: 20/s, concurrency: 4}\n    page: {by: offset"),
    ]);
    let began = std::time::Instant::now();
    let applied = company.run(&["apply", "--yes"]);
    assert!(applied.stdout.contains("level cannot be 3: the app takes 1, 2"), "{}", applied.stdout);
    assert_eq!(company.office.count("POST", "/people"), 0);
    let requests = company.office.data().log.len();
    assert!(requests > 4, "{requests} requests");
    // A rate has no burst.
    let least = std::time::Duration::from_millis(50) * (requests as u32 - 1);
    assert!(began.elapsed() >= least, "{requests} requests in {:?}", began.elapsed());
}

/// A manager who has no account here is nobody to refer to: nothing is sent, in no plan.
#[test]
fn a_manager_without_an_account_is_left_out() {
    let company = Company::new();
    company.repo.replace(
        "access/people.yaml",
        "groups:\n",
        "  zoe: {name: Zoe, email: zoe@acme.example}\ngroups:\n",
    );
    company.repo.replace(
        "access/people.yaml",
        "email: bob@acme.example, manager: ada",
        "email: bob@acme.example, manager: zoe",
    );
    company.repo.commit("A boss elsewhere");
    company.run(&["apply", "--yes"]).ends_with(0);
    let plan = company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    assert!(!plan.stdout.contains("update manager"), "{}", plan.stdout);
    assert_eq!(company.office.count("DELETE", "/reports"), 0);
}

/// An id is sent back in the JSON type in which it came, also one that a table of names gave.
#[test]
fn a_grant_is_given_and_taken_with_the_ids_that_the_app_wrote() {
    let company = Company::with(&[
        (
            "page: {by: none}}}\n",
            "page: {by: none}}, project: {GET: /projects, rows: ., name: name, id: id, page: {by: none}}}\n",
        ),
        (
            "    not_shown:",
            "    grants:
      target: {role: {names: role}, project: {names: project}}
      list: {GET: /grants, rows: ., page: {by: none}}
      row: {account: account, role: role, project: project}
      add: {POST: /grants, json: {account: \"{account}\", role: \"{target.role}\", project: \"{target.project}\"}}
    not_shown:",
        ),
    ]);
    company.repo.replace(
        "access/app.yaml",
        "precedence: 2}}",
        "precedence: 2}, web: {grant: {role: admin, project: web}, precedence: 3}}",
    );
    let web = "  - {app: office, role: web, members: [user:eve]}\n";
    company.repo.replace("access/app.yaml", "assignments:\n", &format!("assignments:\n{web}")).commit("Web");
    company.run(&["apply", "--yes"]).ends_with(0);
    let (eve, project) = (company.office.id("eve"), 9_007_199_254_740_993);
    assert_eq!(company.office.data().grants.iter().copied().collect::<Vec<_>>(), [(eve, 2, project)]);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    company.repo.replace("access/app.yaml", web, "").commit("No web");
    company.run(&["apply", "--yes"]).ends_with(0);
    assert!(company.office.data().grants.is_empty());
}

/// A batch that is done for all or for none did nothing when it was refused: its halves are sent without another look.
#[test]
fn a_refused_batch_is_halved_and_read_again_only_where_a_part_of_it_may_be_done() {
    let asked = |edits: &[(&str, &str)]| {
        let company = Company::with(edits);
        let office = &company.office;
        company.run(&["apply", "--yes"]).ends_with(0);
        let (eve, kim) = (office.id("eve"), office.id("kim"));
        {
            let mut data = office.data();
            data.unwelcome.insert(eve);
            let (_, members) = data.teams.values_mut().next().expect("a team");
            members.retain(|member| ![eve, kim].contains(member));
            data.log.clear();
        }
        let applied = company.run(&["apply", "--yes"]).ends_with(3);
        assert!(applied.stdout.contains("unwelcome"), "{}", applied.stdout);
        assert_eq!(office.team("Everybody"), ["ada", "bob", "kim", "lee"]);
        (office.count("GET", "/teams/"), office.count("POST", "/members"))
    };
    let (whole, in_parts) = (asked(&[]), asked(&[(", all_or_nothing: true", "")]));
    assert_eq!((whole.1, in_parts.1), (3, 3), "both, each alone");
    assert_eq!(in_parts.0 - whole.0, 1, "{whole:?} {in_parts:?}");
}

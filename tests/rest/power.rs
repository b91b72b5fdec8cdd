//! What a document marks as power: a role with such a value is privileged, and so is an attribute that gets it (safety.md 10).

use insta::assert_snapshot;
use serde_json::json;

use super::company::Company;

/// The app has a flag that gives more than others.
const FLAG: (&str, &str) = (
    "        level: {type: integer}\n",
    "        level: {type: integer}\n        boss: {at: isBoss, type: boolean, power: [true]}\n",
);

/// Its roles are the flag; Ada is to have it.
fn flags() -> Company {
    let company = Company::with(&[FLAG, ("      roles: account.roles\n", "      boss: account.role\n")]);
    let app = "access/app.yaml";
    company.repo.replace(
        app,
        "admin: {value: admin, privileged: true, precedence: 1}, user: {value: user, precedence: 2}",
        "admin: {value: \"true\", precedence: 1}, user: {value: \"false\", precedence: 2}",
    );
    company.repo.replace(
        app,
        "role: user, members: [group:all]",
        "role: user, members: [user:bob, user:eve]",
    );
    company.repo.replace(
        app,
        "role: admin, members: [user:ada]",
        "role: admin, members: [user:ada, user:kim, user:lee]",
    );
    company.repo.commit("A flag");
    company
}

/// An account that is there already.
fn has(company: &Company, login: &str, is_boss: bool) {
    let id = 100 + company.office.data().people.len() as u64;
    let person = json!({
        "id": id, "username": login, "state": "on", "created": 1_700_000_000_000_u64, "isBoss": is_boss,
        "roleIds": [], "password": "x", "extra": {},
        "emails": [{"type": "work", "label": "Email", "value": format!("{login}@acme.example")}],
    });
    let serde_json::Value::Object(person) = person else { unreachable!() };
    company.office.data().people.insert(id, person);
}

fn bosses(company: &Company) -> Vec<String> {
    let data = company.office.data();
    let all = data.people.values().filter(|person| person.get("isBoss") == Some(&json!(true)));
    all.map(|person| person["username"].as_str().expect("a login").to_owned()).collect()
}

/// The part of a plan below a heading, without the reasons.
fn part(text: &str, heading: &str) -> String {
    let below = text.split(heading).nth(1).unwrap_or_default();
    let lines = below.lines().skip(1).take_while(|line| !line.trim().is_empty());
    lines.filter(|line| !line.contains("because")).map(str::trim).collect::<Vec<_>>().join("\n")
}

/// A flag that is not set is no role: an account that has `false` is adopted, and gets what its person is to have.
#[test]
fn a_flag_that_is_not_set_is_no_role() {
    let company = flags();
    has(&company, "kim", false);
    let plan = company.run(&["plan"]).ends_with(0);
    assert!(plan.stdout.contains("1 to adopt") && !plan.stdout.contains("not adopted"), "{}", plan.stdout);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(bosses(&company), ["kim", "ada", "lee"]);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);

    // Who loses the role has the flag taken away, with and without another role.
    company.repo.replace("access/app.yaml", "user:ada, user:kim, user:lee]", "user:ada]");
    company.repo.replace("access/app.yaml", "[user:bob, user:eve]", "[user:bob, user:eve, user:kim]");
    company.repo.replace("access/app.yaml", "users: {deprovision", "users: {scope: all, deprovision");
    company.repo.commit("Two bosses less");
    company.run(&["apply", "--yes", "--allow", "office:privileged=2"]).ends_with(0);
    assert_eq!(bosses(&company), ["ada"]);
    assert_eq!(company.office.person("lee")["isBoss"], false);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

#[test]
fn a_role_whose_value_is_marked_is_privileged() {
    let company = flags();
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(part(&plan.stdout, "Gaining privileged access"), @r"
    + ada (Ada)  create account ada  (config)
    + grant role admin, privileged  (config; same reason)
    + add to group all  (config)
    + kim (Kim)  create account kim  (config)
    + grant role admin, privileged  (config; same reason)
    + add to group all  (config)
    + lee (Lee)  create account lee  (config)
    + grant role admin, privileged  (config; same reason)
    + add to group all  (config)
    ");
    company.run(&["apply", "--yes"]).ends_with(0);
    // The guards count it.
    company.repo.replace("access/app.yaml", "user:ada, user:kim, user:lee]", "user:ada]");
    company.repo.replace(
        "access/app.yaml",
        "[user:bob, user:eve]",
        "[user:bob, user:eve, user:kim, user:lee]",
    );
    company.repo.commit("Two bosses less");
    let held = company.run(&["plan"]).ends_with(4);
    assert!(held.stdout.contains("office:privileged=2"), "{}", held.stdout);

    company.repo.replace("access/app.yaml", "{value: \"true\",", "{value: \"true\", privileged: false,");
    let told = company.run(&["validate"]);
    let told = format!("{}{}", told.stdout, told.stderr);
    let line = told.lines().find(|line| line.starts_with("warning"));
    assert_snapshot!(line.unwrap_or(&told), @"warning[privileged]: the role `admin` is privileged all the same: office says that `true` of `boss` gives more than others");
}

/// The value comes from a person's own line, and the mapping has no roles there.
#[test]
fn an_attribute_that_gets_a_marked_value_gains_power() {
    let company = Company::with(&[
        FLAG,
        ("      level: {value: 3, apply: create}\n", "      boss: user.title == \"Boss\"\n"),
    ]);
    for name in ["Bob", "Eve", "Kim", "Lee", "Ada"] {
        company.repo.replace(
            "access/people.yaml",
            &format!("name: {name},"),
            &format!("name: {name}, title: Clerk,"),
        );
    }
    company.repo.commit("Titles");
    company.run(&["apply", "--yes"]).ends_with(0);
    company.repo.replace("access/people.yaml", "name: Bob, title: Clerk", "name: Bob, title: Boss");
    company.repo.commit("Bob is a boss");
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(part(&plan.stdout, "Gaining privileged access"), @r"
    ~ bob (Bob)  update boss: false → true on account bob, privileged  (config)
    and mapped to boss  access/connector.yaml:55
    ");
}

/// What the account can do already stands where power is shown, mapped or not.
#[test]
fn an_account_with_power_is_adopted_on_top() {
    let company = Company::with(&[FLAG]);
    has(&company, "kim", true);
    has(&company, "lee", false);
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(part(&plan.stdout, "Gaining privileged access"), @r#"
    + ada (Ada)  create account ada  (config)
    and user:ada is a member of group:all  access/people.yaml:8
    + grant role admin, privileged  (config)
    + grant role user  (config)
    and user:ada is a member of group:all  access/people.yaml:8
    + add to group all  (config)
    = kim (Kim)  adopt account 100 (kim), privileged  (config)
    and the account already has role boss
    + grant role user  (config)
    and user:kim is a member of group:all  access/people.yaml:8
    + add to group all  (config)
    ~ update ours: "(cannot be read)" → kim  (config)
    and mapped to ours  access/connector.yaml:53
    "#);
}

//! An app that shows the people of teams inside a team as its members (`inherited: mixed`).

use super::company::Company;

const MIXED: (&str, &str) =
    ("        account: id\n        add:", "        account: id\n        inherited: mixed\n        add:");

/// The team "Everybody" shows kim by a team inside it.
fn with_kim_inside(company: &Company) {
    let kim = company.office.id("kim");
    let team = *company.office.data().teams.keys().next().expect("a team");
    company.office.data().inside.entry(team).or_default().insert(kim);
}

/// The app took the removal, and still shows kim: the plan after it is empty, and nothing is sent again.
#[test]
fn a_removal_is_done_though_the_app_still_shows_the_person() {
    let company = Company::with(&[MIXED]);
    company.repo.replace(
        "access/app.yaml",
        "role: user, members: [group:all]",
        "role: user, members: [group:all, user:kim]",
    );
    company.repo.commit("Kim has an account in any case");
    company.run(&["apply", "--yes"]).ends_with(0);
    with_kim_inside(&company);
    let out = company.apply(", user:kim", "");
    out.ends_with(0);
    assert_eq!(company.office.count("DELETE", "members"), 1);
    assert!(company.office.team("Everybody").iter().all(|login| login != "kim"));
    let next = company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    assert!(next.stdout.contains("1 person is shown in it and not declared there: kim"), "{}", next.stdout);
    assert_eq!(company.office.count("DELETE", "members"), 1);
}

#[test]
fn whoever_stands_in_a_list_of_several_groups_is_no_stranger_in_this_one() {
    let company = Company::with(&[MIXED]);
    company.repo.replace("access/app.yaml", "push: [all]", "push: [all], members: exact");
    let refused = company.run(&["validate"]).ends_with(1);
    let text = "the connector office shows people of groups inside as members: `exact` would take them out as strangers";
    assert!(refused.stderr.contains(text), "{}", refused.stderr);
    assert!(refused.stderr.contains("write `linked`, or `add`"), "{}", refused.stderr);
}

#[test]
fn a_mixed_list_is_not_written_whole() {
    let company = Company::with(&[MIXED]);
    let set = "set: {PUT: \"/teams/{group}\", json: {members: {each: \"{account}\"}}}\n        remove:";
    company.repo.replace("access/connector.yaml", "remove:", set);
    let refused = company.run(&["validate"]).ends_with(1);
    assert!(
        refused.stderr.contains("a list that is written whole makes members of everybody in it"),
        "{}",
        refused.stderr
    );
}

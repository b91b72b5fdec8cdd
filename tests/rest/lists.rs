//! Every list of every document that comes with the program, with an answer that is not the list: it is short or foreign, and nothing
//! is written.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use insta::assert_snapshot;
use rolecall::catalog::rest::{Address, Document, Listing, MembersAt, Root, Template};
use rolecall::config;
use serde_json::Value;

use super::community;
use super::meetings::{self, PASSWORD};
use super::played::Played;
use super::{grants, office};
use crate::support::program::{Output, Repo};
use crate::support::proxy::then::{self, Then};
use crate::support::proxy::{Proxy, when};
use crate::support::wire::{Request, Response};

/// An app behind a proxy, with everybody in it.
struct App {
    proxy: Proxy,
    repo: Repo,
    secret: (&'static str, String),
    /// The app lives as long as this.
    _app: Box<dyn std::any::Any>,
}

impl App {
    fn of(name: &str) -> App {
        match name {
            "keystone" => {
                let cloud = grants::cloud();
                let super::cloud::Cloud { repo, proxy, server } = cloud;
                let secret = ("CLOUD_PASSWORD", super::cloud::PASSWORD.to_owned());
                App { proxy, repo, secret, _app: Box::new(server) }
            }
            "jive" => {
                let jive = Played::start();
                let proxy = jive.behind();
                jive.habits.turn(|switches| switches.behind = Some(proxy.base_url()));
                let company = community::Company::at(jive, &proxy.base_url(), community::PEOPLE, "[all]");
                let secret = ("JIVE_PASSWORD", company.jive.password().to_owned());
                App { proxy, repo: company.repo, secret, _app: Box::new(company.jive) }
            }
            "bluejeans" => {
                let company = meetings::Company::with(PASSWORD, "settings: {room: true}");
                let proxy = company.meetings.behind();
                company.change(company.meetings.url(), &proxy.base_url());
                let secret = ("MEETINGS_SECRET", company.meetings.password().to_owned());
                App { proxy, repo: company.repo, secret, _app: Box::new(company.meetings) }
            }
            other => panic!("{other}: this test needs an app that speaks it"),
        }
    }

    fn run(&self, args: &[&str]) -> Output {
        self.repo.rolecall(args.iter().copied()).env(self.secret.0, &self.secret.1).run()
    }

    /// The methods of the requests that wrote so far, without those for a token.
    fn writes(&self) -> Vec<String> {
        let writes = self.proxy.writes().into_iter().map(|one| one.request);
        let writes = writes.filter(|one| !one.path().ends_with("/token") && !one.path().ends_with("/tokens"));
        writes.map(|one| one.method).collect()
    }
}

/// The lists of a document, by name.
fn lists(document: &Document) -> Vec<(String, &Listing)> {
    let mut all = vec![("users".to_owned(), &document.users.list)];
    if let Some(groups) = &document.groups {
        all.push(("groups".to_owned(), &groups.list));
        if let Some(MembersAt::Listed(members)) = groups.members.as_ref().map(|members| &members.list) {
            all.push(("members".to_owned(), members));
        }
    }
    all.extend(document.names.iter().map(|(name, names)| (format!("names of {name}"), &names.list)));
    all.extend(document.grants.iter().map(|grant| ("grants".to_owned(), &grant.list)));
    all
}

/// True for the requests that ask for a list: its address, with the size of its pages.
fn is_of(document: &Document, list: &Listing) -> impl Fn(&Request) -> bool + Send + Sync + 'static {
    let Address { root, path, .. } = &list.request.address;
    let base: &[Template] = if *root == Root::Base { &document.base } else { &[] };
    let pattern: Vec<String> = base.iter().chain(path).map(ToString::to_string).collect();
    let size = list.page.size.as_ref().map(|size| format!("{size}={}", list.page.max));
    move |request| {
        let parts: Vec<&str> = request.path().split('/').skip(1).collect();
        let fits = |(pattern, part): (&String, &&str)| pattern.contains('{') || pattern == part;
        request.method == "GET"
            && parts.len() == pattern.len()
            && pattern.iter().zip(&parts).all(fits)
            && size.as_ref().is_none_or(|size| request.target.contains(&**size))
    }
}

/// What can be wrong with an answer.
fn faults(list: &Listing) -> Vec<(&'static str, Then)> {
    let places: Arc<[String]> = list.rows.iter().map(ToString::to_string).collect();
    let rows = |change: fn(&mut Vec<Value>)| {
        let places = places.clone();
        office::rewritten(move |body| {
            let place = places.iter().find(|place| body.get(&***place).is_some()).expect("the rows");
            change(body[place].as_array_mut().expect("rows"));
        })
    };
    let lost = places.clone();
    vec![
        ("short page", rows(|rows| rows.truncate(rows.len() / 2))),
        ("repeat", rows(|rows| rows.extend(rows.last().cloned()))),
        (
            "lost place",
            office::rewritten(move |body| {
                let place = lost.iter().find(|place| body.get(&***place).is_some()).expect("the rows");
                let rows = body.as_object_mut().expect("an object").remove(place);
                body["elsewhere"] = rows.unwrap_or_default();
            }),
        ),
        ("HTML", then::html(200)),
        (
            "302",
            then::answer(
                Response::new(302).header("Location", "https://sso.example/login").body("text/html", ""),
            ),
        ),
    ]
}

/// What a run made of it: where the answer is said to be no answer, or not all, and by which methods it wrote.
fn made_of(output: &Output, written: &[String]) -> String {
    let written: Vec<&str> = BTreeSet::from_iter(written).into_iter().map(String::as_str).collect();
    let all = community::told(output);
    let of = [
        ("NOT READ", "foreign"),
        ("did not show all of them", "short"),
        ("do not add up", "unread"),
        ("does not add up", "unread"),
        ("its members cannot be read, so that removals cannot be verified: ", "unread"),
    ];
    let made = of.iter().find(|(part, _)| all.contains(part)).map_or("believed", |(_, made)| made);
    assert!(!all.contains("the app leaves it out"), "the reason is another one: {all}");
    match written.as_slice() {
        [] => made.to_owned(),
        some => format!("{made}, {}", some.join(" ")),
    }
}

/// What each fault of each list of a document that comes with the program comes to.
fn table(name: &str) -> String {
    let shipped = config::shipped::shipped();
    let definition = shipped.iter().find(|(of, _)| **of == *name).unwrap().1.as_ref().unwrap();
    let document = definition.document.as_ref().unwrap();
    let app = App::of(name);
    app.run(&["apply", "--yes"]).ends_with(0);
    app.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    let mut told = String::new();
    for (list, listing) in lists(document) {
        for (fault, then) in faults(listing) {
            app.proxy.heal();
            app.proxy.arm(when::requests(is_of(document, listing)), then);
            let before = app.writes().len();
            let applied = app.run(&["apply", "--yes"]);
            let _ = writeln!(told, "{list}: {fault}: {}", made_of(&applied, &app.writes()[before..]));
        }
    }
    app.proxy.heal();
    app.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    told
}

/// A document that comes with the program has a table here.
#[test]
fn each_document_that_comes_with_the_program_has_its_table() {
    let shipped = config::shipped::shipped();
    let documents = shipped.iter().filter(|(_, definition)| definition.as_ref().unwrap().document.is_some());
    let names: Vec<&str> = documents.map(|(name, _)| &**name).collect();
    assert_eq!(names, ["bluejeans", "jive", "keystone"]);
}

#[test]
fn lists_of_bluejeans_that_are_not_the_list() {
    assert_snapshot!(table("bluejeans"), @r"
    users: short page: short
    users: repeat: short
    users: lost place: foreign
    users: HTML: foreign
    users: 302: foreign
    ");
}

/// An account that was made a moment ago may be missing in a list: that alone does not make it short.
#[test]
fn lists_of_jive_that_are_not_the_list() {
    assert_snapshot!(table("jive"), @r"
    users: short page: believed
    users: repeat: short
    users: lost place: foreign
    users: HTML: foreign
    users: 302: foreign
    groups: short page: short
    groups: repeat: short
    groups: lost place: foreign
    groups: HTML: foreign
    groups: 302: foreign
    members: short page: believed, POST
    members: repeat: unread
    members: lost place: unread
    members: HTML: unread
    members: 302: unread
    ");
}

/// Where nothing counts members or grants, a row that is missing is one that somebody took away: it is given again, and nobody loses
/// anything.
#[test]
fn lists_of_keystone_that_are_not_the_list() {
    assert_snapshot!(table("keystone"), @r"
    users: short page: short
    users: repeat: short
    users: lost place: foreign
    users: HTML: foreign
    users: 302: foreign
    groups: short page: short
    groups: repeat: short
    groups: lost place: foreign
    groups: HTML: foreign
    groups: 302: foreign
    members: short page: believed, PUT
    members: repeat: unread
    members: lost place: unread
    members: HTML: unread
    members: 302: unread
    names of project: short page: believed
    names of project: repeat: believed
    names of project: lost place: foreign
    names of project: HTML: foreign
    names of project: 302: foreign
    names of role: short page: believed
    names of role: repeat: believed
    names of role: lost place: foreign
    names of role: HTML: foreign
    names of role: 302: foreign
    grants: short page: believed, PUT
    grants: repeat: unread
    grants: lost place: unread
    grants: HTML: unread
    grants: 302: foreign
    ");
}

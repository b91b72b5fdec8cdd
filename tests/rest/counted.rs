//! What the requests of a plan without a change are for, by connector, as the server of the app counts them.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::cloud::Cloud;
use super::played::{Emulator, Scim};
use super::{community, meetings};
use crate::support::program::Repo;
use crate::support::proxy::Proxy;

/// Requests of one plan.
pub struct Counted {
    pub connector: &'static str,
    /// Pages that the lists of accounts and groups have.
    pub pages: usize,
    /// Lists whose last page is full.
    pub full: usize,
    /// Requests by what they are for.
    pub of: BTreeMap<&'static str, usize>,
}

/// What a request is for: a name, the method, the path with `*` for any segment, and what the query begins with.
type Rule = (&'static str, &'static str, &'static str, &'static str);

/// What a document declares besides its lists; the others are for the lists, or for finding out what the app can do.
const DECLARED: [&str; 9] =
    ["token", "check", "self", "once", "total", "names", "members", "grants", "details"];

const SCIM: &[Rule] = &[("list", "GET", "/scim/v2/Users", ""), ("list", "GET", "/scim/v2/Groups", "")];
const JIVE: &[Rule] = &[
    ("self", "GET", "/api/core/v3/people/@me", ""),
    ("list", "GET", "/api/core/v3/people/@all", ""),
    ("details", "GET", "/api/core/v3/people/*", ""),
    ("check", "GET", "/api/core/v3/securityGroups", "count=1&"),
    ("check", "GET", "/api/core/v3/securityGroups", "count=1"),
    ("list", "GET", "/api/core/v3/securityGroups", ""),
    ("details", "GET", "/api/core/v3/securityGroups/*", ""),
    ("members", "GET", "/api/core/v3/securityGroups/*/members", ""),
];
const BLUEJEANS: &[Rule] = &[
    ("token", "POST", "/oauth2/token", ""),
    ("once", "GET", "/v1/user/*/enterprise_profile", ""),
    ("check", "GET", "/v1/enterprise/*/users", "pageSize=1&pageNumber=1"),
    ("list", "GET", "/v1/enterprise/*/users", ""),
    ("details", "GET", "/v1/user/*", ""),
];
const KEYSTONE: &[Rule] = &[
    ("token", "POST", "/v3/auth/tokens", ""),
    ("check", "GET", "/v3/domains", ""),
    ("names", "GET", "/v3/roles", "limit"),
    ("check", "GET", "/v3/roles", ""),
    ("names", "GET", "/v3/projects", ""),
    ("list", "GET", "/v3/users", ""),
    ("list", "GET", "/v3/groups", ""),
    ("details", "GET", "/v3/groups/*", ""),
    ("members", "GET", "/v3/groups/*/users", ""),
    ("grants", "GET", "/v3/role_assignments", ""),
];

impl Counted {
    /// `rows` are the rows of each list, and how many a page of it has.
    fn new(
        connector: &'static str,
        rules: &[Rule],
        rows: &[(usize, usize)],
        requests: impl IntoIterator<Item = (String, String)>,
    ) -> Counted {
        let mut of = BTreeMap::new();
        for (method, target) in requests {
            *of.entry(purpose(rules, &method, &target)).or_default() += 1;
        }
        let pages = rows.iter().map(|(rows, page)| rows.div_ceil(*page).max(1)).sum();
        let full = rows.iter().filter(|(rows, page)| *rows > 0 && rows.is_multiple_of(*page)).count();
        Counted { connector, pages, full, of }
    }

    /// Requests that are not for what the document declares.
    pub fn plain(&self) -> usize {
        self.of.iter().filter(|(name, _)| !DECLARED.contains(name)).map(|(_, count)| count).sum()
    }

    /// The most that these may be.
    pub fn most(&self) -> usize {
        self.pages + self.full + 5
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (name, count) in &self.of {
            write!(text, "{name} {count}, ")?;
        }
        f.write_str(text.trim_end_matches(", "))
    }
}

fn purpose(rules: &[Rule], method: &str, target: &str) -> &'static str {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let fits = |(_, of, pattern, begin): &&Rule| {
        let same = |(a, b): (&str, &str)| a == "*" || a == b;
        *of == method
            && query.starts_with(begin)
            && pattern.split('/').count() == path.split('/').count()
            && pattern.split('/').zip(path.split('/')).all(same)
    };
    rules.iter().find(fits).map_or("other", |(name, ..)| name)
}

/// So many people, all in one group.
fn people(count: usize, group: &str) -> String {
    let mut text = String::from("users:\n");
    for number in 0..count {
        let id = format!("p{number:04}");
        writeln!(text, "  {id}: {{name: {{given: P, family: N{number}}}, email: {id}@acme.example}}")
            .unwrap();
    }
    let members: Vec<String> = (0..count).map(|number| format!("user:p{number:04}")).collect();
    write!(text, "groups:\n  {group}: {{name: Everybody, members: [{}]}}\n", members.join(", ")).unwrap();
    text
}

/// A plan of Jive with so many people in its group, after all were made.
pub fn jive(count: usize) -> Counted {
    let company = community::Company::of(&people(count, "all"));
    company.run(&["apply", "--yes"]).ends_with(0);
    let before = company.jive.noted().len();
    company.nothing_is_left();
    let requests = company.jive.noted().split_off(before).into_iter().map(|one| (one.method, one.target));
    // Pages of this app say themselves where the list ends, and one more is asked for behind each.
    let counted = Counted::new("jive", JIVE, &[(count + 1, 100), (1, 100)], requests);
    Counted { full: 2, ..counted }
}

/// A plan of BlueJeans, after all were made.
pub fn bluejeans(count: usize) -> Counted {
    let company = meetings::Company::of(&people(count, "all"), meetings::PASSWORD, "settings: {room: false}");
    company.run(&["apply", "--yes"]).ends_with(0);
    let before = company.meetings.noted().len();
    company.nothing_is_left();
    let requests = company.meetings.noted().split_off(before).into_iter().map(|one| (one.method, one.target));
    Counted::new("bluejeans", BLUEJEANS, &[(count + 1, 100)], requests)
}

/// A plan of a real Keystone, after all were made.
pub fn keystone(count: usize) -> Counted {
    let cloud = Cloud::of(&people(count, "eng"));
    cloud.run(&["apply", "--yes"]).ends_with(0);
    let before = cloud.proxy.count();
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    let requests = cloud.proxy.requests().split_off(before).into_iter();
    let requests = requests.map(|one| (one.request.method, one.request.target));
    // It answers each list as a whole.
    Counted::new("keystone", KEYSTONE, &[(count + 1, usize::MAX), (1, usize::MAX)], requests)
}

/// A plan of the embedded server of SCIM, whose pages have 200 rows, after all were made.
pub fn scim(count: usize) -> Counted {
    let server = Emulator::<Scim>::start();
    let address = server.url().trim_start_matches("http://").split('/').next().unwrap().parse().unwrap();
    let proxy = Proxy::to(address, "/scim/v2");
    let repo = Repo::new();
    let app = format!(
        "apps:
  wiki:
    connector: scim
    url: {}
    auth: {{bearer: {{env: WIKI_TOKEN}}}}
    roles: {{user: {{}}}}
    groups: {{push: [all]}}
assignments:
  - {{app: wiki, role: user, members: [group:all]}}
",
        proxy.base_url()
    );
    repo.file("rolecall.yaml", "version: 1\nsecrets:\n  WIKI_TOKEN: {app: wiki, host: 127.0.0.1}\n")
        .file("access/people.yaml", people(count, "all"))
        .file("access/app.yaml", app)
        .file(".gitignore", ".rolecall\n");
    let run = |args: &[&str]| {
        repo.rolecall(args.iter().copied()).env("WIKI_TOKEN", server.password()).run().ends_with(0)
    };
    run(&["ledger", "init", "--local"]);
    repo.commit("A company");
    run(&["apply", "--yes"]);
    let before = proxy.count();
    run(&["plan", "--detailed-exitcode"]);
    let requests = proxy.requests().split_off(before).into_iter();
    let requests = requests.map(|one| (one.request.method, one.request.target));
    Counted::new("scim", SCIM, &[(count, 200), (1, 200)], requests)
}

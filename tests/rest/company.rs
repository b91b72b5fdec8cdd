//! A repository with the invented app of [`Office`].

use super::office::Office;
use crate::support::program::{Output, Repo};
use crate::support::proxy::Proxy;

/// A company of five with the office as its app.
pub struct Company {
    pub office: Office,
    pub repo: Repo,
}

const PEOPLE: &str = "users:
  ada: {name: Ada, email: ada@acme.example, start: 2026-01-10}
  bob: {name: Bob, email: bob@acme.example, manager: ada}
  eve: {name: Eve, email: eve@acme.example, manager: ada}
  kim: {name: Kim, email: kim@acme.example}
  lee: {name: Lee, email: lee@acme.example}
groups:
  all: {name: Everybody, members: [user:ada, user:bob, user:eve, user:kim, user:lee]}
";

/// The document of the office, with these edits.
pub fn document(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(include_str!("../documents/office.yaml").to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    })
}

impl Company {
    pub fn new() -> Company {
        Company::with(&[])
    }

    /// With these edits of the document.
    pub fn with(edits: &[(&str, &str)]) -> Company {
        let office = Office::start();
        let url = office.url.clone();
        Company::at(office, &url, edits)
    }

    /// With a proxy before the app, and these edits of the document. Requests do not wait long.
    pub fn behind(edits: &[(&str, &str)]) -> (Company, Proxy) {
        let office = Office::start();
        let proxy = office.behind();
        let company = Company::at(office, &proxy.base_url(), edits);
        let limits = "    limits: {timeout: 2s, wait: 4s}\n    groups: {push";
        company.repo.replace("access/app.yaml", "    groups: {push", limits).commit("Limits");
        (company, proxy)
    }

    fn at(office: Office, url: &str, edits: &[(&str, &str)]) -> Company {
        let repo = Repo::new();
        let app = format!(
            "apps:
  office:
    connector: office
    url: {url}
    auth: {{key: {{env: OFFICE_KEY}}}}
    settings: {{tenant: acme}}
    roles: {{admin: {{value: admin, privileged: true, precedence: 1}}, user: {{value: user, precedence: 2}}}}
    users: {{deprovision: delete, delete_after: 1d}}
    groups: {{push: [all]}}
assignments:
  - {{app: office, role: user, members: [group:all]}}
  - {{app: office, role: admin, members: [user:ada]}}
"
        );
        repo.file("rolecall.yaml", "version: 1\nsecrets:\n  OFFICE_KEY: {app: office, host: 127.0.0.1}\n")
            .file("access/connector.yaml", document(edits))
            .file("access/people.yaml", PEOPLE)
            .file("access/app.yaml", app)
            .file(".gitignore", ".rolecall\n");
        let company = Company { office, repo };
        company.run(&["ledger", "init", "--local"]).ends_with(0);
        company.repo.commit("A company");
        company
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.repo.rolecall(args.iter().copied()).env("OFFICE_KEY", "hush").run()
    }

    /// Changes the people, and applies that.
    pub fn apply(&self, old: &str, new: &str) -> Output {
        self.repo.replace("access/people.yaml", old, new).commit("A change");
        self.run(&["apply", "--yes"])
    }

    /// The next plan has no changes.
    pub fn nothing_is_left(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }
}

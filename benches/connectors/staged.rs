//! A company whose app is read by one of two engines: by SCIM, or by a document that describes the same interface.

use std::path::PathBuf;

use crate::bench::app::Here;
use crate::bench::company::{Company, Size};
use crate::bench::habits::Habits;
use crate::bench::measure::Run;
use crate::bench::{repo, tree};

const SEED: u64 = 20_261_122;

/// Who reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Scim,
    Document,
}

impl Engine {
    pub const BOTH: [Engine; 2] = [Engine::Scim, Engine::Document];

    pub fn name(self) -> &'static str {
        match self {
            Engine::Scim => "scim",
            Engine::Document => "document",
        }
    }

    /// Lines of the app, and the files that they need besides.
    fn app(self) -> (&'static str, &'static str) {
        match self {
            Engine::Scim => ("connector: scim", ""),
            Engine::Document => ("connector: twin", include_str!("twin.yaml")),
        }
    }
}

/// A company that is in its app: a plan has no change.
pub struct Staged {
    pub app: Here,
    pub people: usize,
    pub groups: usize,
    tree: PathBuf,
}

impl Staged {
    /// The generated company of this size; its app has `lines` besides the usual ones.
    pub fn new(users: usize, groups: usize, engine: Engine, lines: &str) -> Staged {
        let size = Size { groups, memberships: users, ..Size::of(users) };
        let company = Company::generate(size, SEED);
        let app = Here::start(&company);
        let tree = repo::folder(&format!("connectors-{}", engine.name()), &company);
        let url = match engine {
            Engine::Scim => format!("{}/scim/v2", app.url),
            Engine::Document => app.url.clone(),
        };
        tree::write(&company, &url, &tree);
        let (connector, document) = engine.app();
        let file = |name: &str| tree.join(name);
        let read = |name: &str| std::fs::read_to_string(file(name)).expect("a file of the tree");
        let write = |name: &str, text: &str| std::fs::write(file(name), text).expect("a file of the tree");
        let sign_in = "auth: {login: {user: bench, password: {env: BENCH_SECRET}}, account: none}";
        let lines = match engine {
            Engine::Scim => lines.to_owned(),
            Engine::Document => format!("{sign_in}\n    {lines}"),
        };
        let text = read("access/app.yaml").replace("connector: scim", &format!("{connector}\n    {lines}"));
        write("access/app.yaml", &text);
        if engine == Engine::Document {
            write("access/connector.yaml", document);
            let secrets = "secrets:\n  BENCH_SECRET: {app: directory, host: 127.0.0.1}\n";
            write("rolecall.yaml", &format!("{}{secrets}", read("rolecall.yaml")));
        }
        repo::adopt_everybody(&tree);
        Staged { people: users, groups, app, tree }
    }

    /// A plan without a change, of an app that is like this.
    pub fn plan(&self, habits: Habits) -> Run {
        self.app.turn(habits);
        let run = repo::rolecall(&self.tree, &["plan", "--detailed-exitcode"]);
        assert_eq!(run.status, Some(0), "there is no change\n{}\n{}", run.stdout, run.stderr);
        run
    }
}

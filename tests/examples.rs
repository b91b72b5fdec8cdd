//! Every folder below `examples/` is valid, and together they show the whole language.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::program::Repo;
use rolecall::catalog::scim;
use rolecall::config::diagnostics::{self, Look};
use rolecall::config::{self, Source};
use rolecall::model::time::Timestamp;
use rolecall::model::{Diagnostics, FileSet};
use rolecall::resolve::{Programs, Resolved};
use serde_json::Value;

/// The instant of the examples: between the first contract and its end.
const NOW: &str = "2026-11-22T12:00:00Z";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn examples() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        entries(&root()).into_iter().filter(|path| path.join("rolecall.yaml").is_file()).collect();
    folders.sort();
    assert!(folders.len() >= 2, "there are examples");
    folders
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// All YAML files of an example, without files of earlier runs.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        let hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden {
            found.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn rendered(found: Diagnostics, files: &FileSet) -> String {
    diagnostics::text(&found.sorted(), files, Look::default())
}

#[test]
fn examples_have_no_findings() {
    let at: Timestamp = NOW.parse().unwrap();
    for folder in examples() {
        let name = folder.display();
        let source = Source::open(&folder, None).unwrap();
        let loaded = config::load(&source, &config::catalog());
        assert_eq!(rendered(loaded.diagnostics, &loaded.files), "", "{name}");
        let company = loaded.company.unwrap();
        let (programs, found) = Programs::compile(&company, &config::catalog());
        assert_eq!(rendered(found, &loaded.files), "", "{name}");
        let resolved = Resolved::new(&company, &programs, at);
        assert_eq!(rendered(rolecall::resolve::findings(&resolved), &loaded.files), "", "{name}");
        for app in &resolved.apps {
            let gone = app.app.removed.is_some();
            assert!(gone || !app.active.is_empty(), "{name}: nobody is in {}", app.app.id);
        }
    }
}

/// The guide's repository is one: its blocks that begin with a file's name.
#[test]
fn the_readme_is_a_tree() {
    let readme = fs::read_to_string(root().join("../README.md")).unwrap();
    let blocks = readme.split("```yaml\n# ").skip(1);
    let files: Vec<(&str, &str)> = blocks
        .filter_map(|block| block.split_once("```")?.0.split_once('\n'))
        .filter(|(name, _)| name.ends_with(".yaml") && !name.contains(' '))
        .collect();
    assert_eq!(files.len(), 3, "the guide shows three files");
    let loaded = config::load(&Source::in_memory(files), &config::catalog());
    assert_eq!(rendered(loaded.diagnostics, &loaded.files), "");
    let company = loaded.company.unwrap();
    let (programs, found) = Programs::compile(&company, &config::catalog());
    assert_eq!(rendered(found, &loaded.files), "");
    let found = rolecall::resolve::findings(&Resolved::new(&company, &programs, NOW.parse().unwrap()));
    assert_eq!(rendered(found, &loaded.files), "");
}

#[test]
fn the_program_accepts_every_example() {
    for folder in examples() {
        let output = Repo::new().copy(&folder).commit("example").rolecall(["validate"]).run();
        assert_eq!(output.status, 0, "{}\n{}", folder.display(), output.stderr);
    }
}

/// The promise of the README: a plan, an apply, an empty second plan, without any setup.
#[test]
fn acme_is_planned_and_applied() {
    let repo = Repo::new().copy(&root().join("acme")).commit("example");
    let status = |args: &[&str], expected: i32| {
        let output = repo.rolecall(args.iter().map(ToString::to_string)).run();
        assert_eq!(output.status, expected, "{args:?}\n{}\n{}", output.stdout, output.stderr);
    };
    status(&["plan", "--detailed-exitcode"], 2);
    status(&["apply", "--yes"], 0);
    status(&["plan", "--detailed-exitcode"], 0);
}

/// The apps of the tutorials. Who is assigned without a role is skipped, with the reason that the tutorials give.
#[test]
fn the_seeds_are_planned_and_applied() {
    for app in ["jive", "bluejeans", "15five"] {
        assert!(root().join(format!("seeds/access/{app}.yaml")).is_file(), "{app}");
    }
    let repo = Repo::new().copy(&root().join("seeds")).commit("example");
    let run = |args: &[&str], status: i32| {
        repo.rolecall(args.iter().map(ToString::to_string)).run().ends_with(status).stdout
    };
    let plan = run(&["plan", "--detailed-exitcode"], 2);
    let skipped =
        "  Not effectively entitled (1)\n    ! 1 person assigned without a role (Default Access): sam\n";
    let apps = entries(&root().join("seeds/access")).len() - 1;
    assert_eq!(plan.matches(skipped).count(), apps, "{plan}");
    assert_eq!(plan.matches("create account tom.eriksen@acme.example").count(), apps, "{plan}");
    run(&["apply", "--yes"], 0);
    let second = run(&["plan", "--detailed-exitcode"], 0);
    assert!(second.ends_with("Total: no changes\n") && second.contains(skipped), "{second}");
}

/// The plan that the README shows is what the program prints for the story above it.
#[test]
fn the_readme_shows_a_real_plan() {
    let repo = Repo::new().copy(&root().join("acme")).commit("example");
    let run = |args: &[&str]| repo.rolecall(args.iter().map(ToString::to_string)).run().ends_with(0);
    run(&["apply", "--yes", "--at", "2026-11-20T12:00:00Z"]);
    let [of_leo, staff] = ["    email: leo.martin@acme.example\n", "title: Senior Site Reliability Engineer"];
    repo.replace("access/people/sales.yaml", of_leo, &format!("{of_leo}    status: left\n"))
        .replace("access/wiki.yaml", "members: [user:ada, user:priya]", "members: [user:ada, user:jonas]")
        .replace("access/people/engineering.yaml", staff, "title: Staff Site Reliability Engineer")
        .commit("Leo leaves, Jonas takes over the wiki");
    let wiki = ".rolecall/sandbox/wiki/data.json";
    let mut data: Value = serde_json::from_str(&repo.read(wiki)).unwrap();
    let accounts = data["users"].as_object_mut().unwrap().values_mut();
    for account in accounts.filter(|account| account["attributes"]["externalId"] == "tomas") {
        account["attributes"]["title"] = "Chief Engineer".into();
    }
    repo.file(wiki, data.to_string());
    let plan = run(&["plan", "--at", "2026-11-22T05:39:00Z"]).stdout;
    let readme = fs::read_to_string(root().join("../README.md")).unwrap();
    let shown = readme.split("```text\nPlan ").nth(1).and_then(|block| block.split("```").next()).unwrap();
    // Without the head: it names the commit.
    let body = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(body(shown), body(&plan));
}

/// The tour with all its apps as sandboxes. `links:` names an account that no new sandbox has, so this one person
/// waits, and no other person does.
#[test]
fn the_tour_is_applied_in_the_sandbox() {
    let repo = Repo::new().copy(&root().join("tour")).commit("example");
    let run = |args: &[&str]| {
        let args = args.iter().map(ToString::to_string);
        repo.rolecall(args).run().ends_with(3)
    };
    let first = run(&["plan", "--sandbox"]);
    assert!(first.stdout.contains("accounts to create"), "{}", first.stdout);
    let applied = run(&["apply", "--sandbox", "--yes"]);
    assert!(!applied.stdout.contains("failed"), "{}", applied.stdout);
    let second = run(&["plan", "--sandbox", "--detailed-exitcode"]);
    assert!(second.stdout.ends_with("Total: no changes\n"), "{}", second.stdout);
    let waits: Vec<_> = second.stdout.lines().filter(|line| line.contains("! ada")).collect();
    assert!(waits.len() == 1 && waits[0].contains("account 2819"), "{waits:?}");
}

/// The first commands of the README without a change, with the program that is built.
#[test]
#[cfg(unix)]
fn the_first_commands_of_the_readme_show_three_steps() {
    let folder = Repo::plain();
    for name in ["try", "acme", "seeds"] {
        let to = folder.path().join("examples");
        fs::create_dir_all(&to).unwrap();
        let copied = std::process::Command::new("cp").arg("-R").args([root().join(name), to]).status();
        assert!(copied.unwrap().success(), "{name} is copied");
    }
    for (args, example) in [(["examples/try"].as_slice(), "acme"), (&["examples/try", "seeds"], "seeds")] {
        let output = folder
            .program(Path::new("bash"), args.iter().map(ToString::to_string))
            .env("ROLECALL", env!("CARGO_BIN_EXE_rolecall"))
            .run()
            .ends_with(0);
        let said = &output.stdout;
        let [plan, apply] = ["plan", "apply --yes"].map(|command| format!("{example} {command}\n"));
        let steps = [&plan, &apply, "Applied plan ", &plan, "No changes"];
        let mut rest = said.as_str();
        for step in steps {
            (_, rest) = rest.split_once(step).unwrap_or_else(|| panic!("no `{step}` in\n{said}"));
        }
    }
}

#[test]
fn editors_find_the_schema() {
    for folder in examples() {
        for file in yaml_files(&folder) {
            let text = fs::read_to_string(&file).unwrap();
            let first = text.lines().next().unwrap_or_default();
            let schema = first
                .strip_prefix("# yaml-language-server: $schema=")
                .unwrap_or_else(|| panic!("{} does not name its schema", file.display()));
            let path = file.parent().unwrap().join(schema);
            assert!(path.is_file(), "{} names {schema}", file.display());
        }
    }
}

/// A key that excludes another one that the tour shows, and one of connectors that ask for a token elsewhere.
const ELSEWHERE: [&str; 3] = ["ledger.path", "role.grant", "secret.token_to"];

/// The keys of documents below `connectors:` and of presets are shown by tests/schema/connectors.yaml.
fn is_of_connectors(key: &str) -> bool {
    const PARTS: [&str; 13] = [
        "answerPlace",
        "answerRule",
        "answers",
        "attributePlaces",
        "authForm",
        "connector",
        "grants",
        "groupMembers",
        "objects",
        "paging",
        "preset",
        "request",
        "targetAttribute",
    ];
    key.ends_with("connectors")
        || key.ends_with("presets")
        || PARTS.iter().any(|part| key.split('.').next() == Some(part))
}

#[test]
fn the_tour_shows_every_key() {
    let mut walk = Walk::new("rolecall.schema.json");
    for file in yaml_files(&root().join("tour")) {
        let value = serde_yaml::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        walk.document(&value);
    }
    let missing = walk.missing();
    let missing: Vec<_> = missing.iter().filter(|key| !is_of_connectors(key)).collect();
    assert_eq!(missing, ELSEWHERE);
    let settings = scim::definition().settings_schema;
    let mut walk = Walk { schema: serde_json::from_str(&settings).unwrap(), seen: BTreeSet::new() };
    let text = fs::read_to_string(root().join("tour/access/apps/wiki.yaml")).unwrap();
    let wiki: Value = serde_yaml::from_str(&text).unwrap();
    walk.document(&wiki["apps"]["wiki"]["settings"]);
    assert_eq!(walk.missing(), Vec::<String>::new());
}

/// Walks documents along a schema and records the properties that they use.
struct Walk {
    schema: Value,
    /// Definition or section, and property.
    seen: BTreeSet<String>,
}

impl Walk {
    fn new(name: &str) -> Walk {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
        Walk {
            schema: serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
            seen: BTreeSet::new(),
        }
    }

    fn document(&mut self, value: &Value) {
        let mut seen = std::mem::take(&mut self.seen);
        self.value(&self.schema, "", value, &mut seen);
        self.seen = seen;
    }

    /// The schema behind a reference, and the name under which its properties are recorded.
    fn settle<'a>(&'a self, schema: &'a Value, name: &str) -> (&'a Value, String) {
        match schema["$ref"].as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
            Some(name) => (&self.schema["$defs"][name], name.to_owned()),
            None => (schema, name.to_owned()),
        }
    }

    fn value(&self, schema: &Value, name: &str, value: &Value, seen: &mut BTreeSet<String>) {
        let (schema, name) = self.settle(schema, name);
        for part in ["then", "else"] {
            if schema[part].is_object() {
                self.value(&schema[part], &name, value, seen);
            }
        }
        for item in value.as_array().into_iter().flatten() {
            self.value(&schema["items"], &name, item, seen);
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            let property = &schema["properties"][key];
            if property.is_object() {
                let name = join(&name, key);
                self.value(property, &name, value, seen);
                seen.insert(name);
            } else {
                self.value(&schema["additionalProperties"], &name, value, seen);
            }
        }
    }

    fn missing(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        self.properties(&self.schema, "", &mut all);
        for (name, definition) in self.schema["$defs"].as_object().into_iter().flatten() {
            self.properties(definition, name, &mut all);
        }
        all.difference(&self.seen).cloned().collect()
    }

    fn properties(&self, schema: &Value, name: &str, all: &mut BTreeSet<String>) {
        for part in ["then", "else", "items", "additionalProperties"] {
            if schema[part].is_object() {
                self.properties(&schema[part], name, all);
            }
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let name = join(name, key);
            self.properties(property, &name, all);
            all.insert(name);
        }
    }
}

fn join(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

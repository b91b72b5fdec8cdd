//! What the program is measured against: the least that any program would have to do, with common parts, on one thread.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::app::PAGE;

/// The parts of a tree that a program would keep; everything else is read over.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Tree {
    #[serde(default)]
    users: BTreeMap<String, User>,
    #[serde(default)]
    groups: BTreeMap<String, Group>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct User {
    name: Name,
    email: String,
    title: Option<String>,
    department: Option<String>,
    manager: Option<String>,
    start: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Name {
    given: String,
    family: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Group {
    name: String,
    #[serde(default)]
    members: Vec<String>,
}

/// Reads every YAML file of a tree with serde_yaml, one after the other. Gives how many people and memberships there were.
pub fn parse(folder: &Path) -> (usize, usize) {
    let mut counts = (0, 0);
    let mut kept = Vec::new();
    for file in files(folder) {
        let text = std::fs::read_to_string(&file).expect("a file of the tree");
        let tree: Tree = serde_yaml::from_str(&text).expect("a file of the tree is YAML");
        counts.0 += tree.users.len();
        counts.1 += tree.groups.values().map(|group| group.members.len()).sum::<usize>();
        kept.push(tree);
    }
    // As any program would: ends without giving everything back piece by piece.
    std::mem::forget(kept);
    counts
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder.join("access")).expect("the folder of the tree");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.push(folder.join("rolecall.yaml"));
    files.sort();
    files
}

/// Fetches and parses every page of an app, one after the other. Gives how many rows there were.
pub fn fetch(url: &str) -> usize {
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let client = reqwest::Client::new();
        let mut rows = 0;
        for kind in ["Users", "Groups"] {
            let mut first = 1;
            loop {
                let page = format!("{url}/{kind}?startIndex={first}&count={PAGE}");
                let answer = client.get(page).send().await.expect("the app answers");
                let body = answer.bytes().await.expect("a whole page");
                let page: Value = serde_json::from_slice(&body).expect("a page is JSON");
                let count = page["Resources"].as_array().map_or(0, Vec::len);
                rows += count;
                first += count;
                if count == 0 || first as u64 > page["totalResults"].as_u64().unwrap_or(0) {
                    break;
                }
            }
        }
        rows
    })
}

//! A company as a tree of YAML files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::company::{Company, Group, Person};

/// Writes the tree and gives its files, rolecall.yaml first. What was in the folder is gone.
pub fn write(company: &Company, url: &str, folder: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("access")).expect("a folder for the tree");
    let mut files = vec![("rolecall.yaml".to_owned(), ROOT.to_owned())];
    // One file for the app, one in five for groups, the rest for people.
    let of_groups = (company.size.files / 5).max(1);
    let of_people = company.size.files.saturating_sub(of_groups + 1).max(1);
    for (number, people) in company.people.chunks(company.people.len().div_ceil(of_people)).enumerate() {
        files.push((format!("access/people-{number:03}.yaml"), people_file(people)));
    }
    for (number, groups) in company.groups.chunks(company.groups.len().div_ceil(of_groups)).enumerate() {
        files.push((format!("access/groups-{number:03}.yaml"), groups_file(groups)));
    }
    files.push(("access/app.yaml".to_owned(), app_file(company, url)));
    let write = |(name, text): (String, String)| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file of the tree can be written");
        path
    };
    files.into_iter().map(write).collect()
}

const ROOT: &str = "\
version: 1
branch: main
attributes:
  employeeNumber: {type: string, unique: true}
  type: {type: string, enum: [employee, contractor], default: employee}
  costCenter: {type: string}
  location: {type: string}
";

fn people_file(people: &[Person]) -> String {
    let mut text = String::from("users:\n");
    for person in people {
        let Person { id, given, family, email, .. } = person;
        writeln!(text, "  {id}:\n    name: {{given: {given}, family: {family}}}\n    email: {email}")
            .unwrap();
        writeln!(text, "    title: {}\n    department: {}", person.title, person.department).unwrap();
        if let Some(manager) = person.manager {
            writeln!(text, "    manager: u{manager:06}").unwrap();
        }
        writeln!(text, "    start: {}\n    attributes:", person.start).unwrap();
        writeln!(text, "      employeeNumber: \"{}\"", person.number).unwrap();
        if person.contractor {
            text.push_str("      type: contractor\n");
        }
        writeln!(text, "      costCenter: {}\n      location: {}", person.cost_center, person.location)
            .unwrap();
    }
    text
}

fn groups_file(groups: &[Group]) -> String {
    let mut text = String::from("groups:\n");
    for group in groups {
        writeln!(text, "  {}:\n    name: {}\n    members:", group.id, group.name).unwrap();
        for member in &group.members {
            writeln!(text, "      - user:u{member:06}").unwrap();
        }
    }
    text
}

fn app_file(company: &Company, url: &str) -> String {
    let mut text = format!(
        "apps:\n  directory:\n    connector: scim\n    url: {url}\n    users: {{scope: all}}\n    groups:\n      push:\n"
    );
    for group in &company.groups {
        writeln!(text, "        - {}", group.id).unwrap();
    }
    text
}

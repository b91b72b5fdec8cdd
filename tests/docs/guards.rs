//! The section `guard` of the schema is written from the rows of the guards.

use std::fmt::Write;

use rolecall::model::guard::{Counts, Guard};
use rolecall::model::limit::Term;

use super::{generated, read};

const SCHEMA: &str = "schemas/rolecall.schema.json";

const HEAD: &str = r#"    "guard": {
      "type": "object",
      "additionalProperties": false,
      "patternProperties": {"^x-": true},
      "properties": {
"#;

const END: &str = "\n      }\n    },\n";

#[test]
fn the_schema_of_the_guards_is_up_to_date() {
    generated(SCHEMA, &schema());
}

/// The schema with the section `guard` written from the rows.
pub fn schema() -> String {
    let there = read(SCHEMA);
    let (before, rest) = there.split_once(HEAD).expect("the schema has a section `guard`");
    let (_, after) = rest.split_once(END).expect("the section `guard` ends");
    let keys: Vec<String> = Guard::ALL.into_iter().flat_map(keys).collect();
    format!("{before}{HEAD}{}{END}{after}", keys.join(",\n"))
}

/// The keys of a guard.
fn keys(guard: Guard) -> Vec<String> {
    let row = guard.row();
    if matches!(row.counts, Counts::Holders) {
        let example = format!("{{\"admin\": {}}}", row.examples[0]);
        let kind = "\"type\": \"object\",\n          \"patternProperties\": {\"^x-\": true},\n          \"additionalProperties\": {\"$ref\": \"#/$defs/count\"}";
        return vec![key(row.name, row.title, row.sentence, &example, kind)];
    }
    let number = |term: &Term| match *term {
        Term::Number { .. } => Some(term.to_string()),
        Term::Both { number, .. } => Some(number.to_string()),
        Term::Percent(_) => None,
    };
    let percent = |term: &Term| match *term {
        Term::Percent(percent) | Term::Both { percent, .. } => Some(format!("{percent} %")),
        Term::Number { .. } => None,
    };
    let default = |terms: Vec<String>| match terms.is_empty() {
        true => "no limit".to_owned(),
        false => terms.join(", or "),
    };
    let count =
        format!("{}. Default: {}", row.sentence, default(row.default.iter().filter_map(number).collect()));
    let mut share = format!("The same as a share of {}", row.base.as_str());
    if row.one_group.is_some() {
        share.push_str(", of the app and of any one group");
    }
    let _ = write!(share, ". Default: {}", default(row.default.iter().filter_map(percent).collect()));
    let [example, percent] = row.examples else { panic!("{guard} has an example of each") };
    vec![
        key(row.name, row.title, &count, &example.to_string(), "\"$ref\": \"#/$defs/count\""),
        key(
            &format!("{guard}_percent"),
            &format!("{}, percent", row.title),
            &share,
            &percent.to_string(),
            "\"$ref\": \"#/$defs/percent\"",
        ),
    ]
}

fn key(name: &str, title: &str, description: &str, example: &str, kind: &str) -> String {
    format!(
        "        \"{name}\": {{\n          \"title\": \"{title}\",\n          \"description\": \"{description}.\",\n          \"examples\": [{example}],\n          {kind}\n        }}"
    )
}

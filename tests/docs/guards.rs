//! The section `guard` of the schema is written from the rows of the guards.

use std::fmt::Write;

use rolecall::model::guard::{Counts, Guard};
use rolecall::model::limit::Limit;

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
    let mut count = format!("{}. Default: {}", row.sentence, guard.terms(Limit::default()));
    if !row.cleared.is_empty() {
        let _ = write!(count, "; for values that are cleared, {}", guard.terms_of_cleared(Limit::default()));
    }
    if row.each_of.is_some() {
        count.push_str(
            ". Of one group or role, half if it had more than eight, all but one if it had four to eight, and never less than 5 % of the people in any",
        );
    }
    let share = format!(
        "The same as a share of {}; one person always passes. What is written replaces the numbers and shares of the default, not half of it",
        row.base.as_str()
    );
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

//! A company as an app that keeps it: SCIM resources that the standard mapping finds nothing to change in.

use serde_json::{Map, Value, json};

use super::company::{Company, Group, Person};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A resource, ready to be sent, with what look-ups ask for.
pub struct Resource {
    pub id: String,
    pub body: String,
    /// Attribute in lower case, value.
    pub keys: [(&'static str, String); 2],
}

pub fn users(company: &Company) -> Vec<Resource> {
    company.people.iter().enumerate().map(|(number, person)| user(number, person)).collect()
}

pub fn groups(company: &Company) -> Vec<Resource> {
    company.groups.iter().enumerate().map(|(number, one)| group(number, one)).collect()
}

fn account(number: usize) -> String {
    format!("a-{:08x}", number.wrapping_mul(2_654_435_761) as u32)
}

fn user(number: usize, person: &Person) -> Resource {
    let mut enterprise = Map::new();
    enterprise.insert("department".to_owned(), json!(person.department));
    if let Some(manager) = person.manager {
        enterprise.insert("manager".to_owned(), json!({"value": account(manager)}));
    }
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": account(number),
        "externalId": person.id,
        "userName": person.email,
        "name": {"givenName": person.given, "familyName": person.family},
        "displayName": format!("{} {}", person.given, person.family),
        "emails": [{"type": "work", "value": person.email}],
        "title": person.title,
        "active": true,
        "meta": {"resourceType": "User"},
    });
    body[ENTERPRISE] = Value::Object(enterprise);
    Resource {
        id: account(number),
        body: body.to_string(),
        keys: [("username", person.email.clone()), ("externalid", person.id.clone())],
    }
}

fn group(number: usize, group: &Group) -> Resource {
    let members: Vec<Value> = group.members.iter().map(|member| json!({"value": account(*member)})).collect();
    let id = format!("g-{number:08x}");
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "id": id,
        "externalId": group.id,
        "displayName": group.name,
        "members": members,
        "meta": {"resourceType": "Group"},
    });
    Resource {
        body: body.to_string(),
        keys: [("displayname", group.name.clone()), ("externalid", group.id.clone())],
        id,
    }
}

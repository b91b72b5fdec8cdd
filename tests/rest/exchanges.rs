//! The emulator of Jive, played against a written list of requests and answers with their sources. The list is not made from the
//! emulator, nor from our connector.

use std::collections::BTreeMap;

use rolecall::sandbox::jive::{Anonymous, Outage, Switches, UsernameChange};
use serde_json::{Value, json};

use super::played::Played;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The switches that an exchange names.
fn switches(of: &Value) -> Switches {
    let mut switches = Switches::default();
    for (name, value) in of.as_object().into_iter().flatten() {
        let (yes, number) = (value.as_bool(), value.as_u64());
        let text = value.as_str().unwrap_or_default();
        match name.as_str() {
            "prefix" => switches.prefix = yes.unwrap(),
            "largest_page" => switches.largest_page = usize::try_from(number.unwrap()).unwrap(),
            "hidden" => switches.hidden = [text.to_owned()].into(),
            "anonymous" if text == "nobody" => switches.anonymous = Anonymous::Nobody,
            "members_status" => switches.members_status = u16::try_from(number.unwrap()).unwrap(),
            "username_change" if text == "refused" => switches.username_change = UsernameChange::Refused,
            "put_replaces" => switches.put_replaces = yes.unwrap(),
            "profile_is_read_only" => switches.profile_is_read_only = yes.unwrap(),
            "looks_after_delete" => switches.looks_after_delete = u32::try_from(number.unwrap()).unwrap(),
            "creates" => switches.creates = yes.unwrap(),
            "outage" if text == "broken" => switches.outage = Some(Outage::Broken),
            "outage" if text == "maintenance" => switches.outage = Some(Outage::Maintenance),
            "login_page" => switches.login_page = yes.unwrap(),
            "numeric_codes" => switches.numeric_codes = yes.unwrap(),
            "removes_members" => switches.removes_members = yes.unwrap(),
            "org_chart" => switches.org_chart = yes.unwrap(),
            other => panic!("there is no switch {other}: {value}"),
        }
    }
    switches
}

/// A text or JSON with the kept values in it.
fn filled(value: &Value, kept: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let fill =
                |text: String, (name, value): (&String, &String)| text.replace(&format!("{{{name}}}"), value);
            Value::String(kept.iter().fold(text.clone(), fill))
        }
        Value::Array(values) => values.iter().map(|value| filled(value, kept)).collect(),
        Value::Object(object) => {
            Value::Object(object.iter().map(|(key, value)| (key.clone(), filled(value, kept))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn the_emulator_answers_as_public_sources_show() {
    let list: Value = serde_yaml::from_str(include_str!("../documents/jive.exchanges.yaml")).unwrap();
    let played = Played::start();
    let origin = played.url().to_owned();
    let base = format!("{origin}/api/core/v3");
    let mut kept = BTreeMap::from([("origin".to_owned(), origin.clone()), ("base".to_owned(), base.clone())]);
    for (number, exchange) in list.as_array().unwrap().iter().enumerate() {
        let exchange = filled(exchange, &kept);
        let told = format!("exchange {}: {exchange}", number + 1);
        assert!(exchange["source"].is_string(), "{told}");
        assert!(["doc", "code", "inf"].contains(&exchange["mark"].as_str().unwrap()), "{told}");
        let method = METHODS.into_iter().find(|method| exchange[*method].is_string()).expect(&told);
        let path = exchange[method].as_str().unwrap();
        let url = match path.strip_prefix('~') {
            Some(rest) => format!("{origin}{rest}"),
            None => format!("{base}{path}"),
        };
        // `each: N` is a body with so many addresses.
        let body = match exchange["body"]["each"].as_u64() {
            Some(count) => Some(vec![json!(format!("{base}/people/{}", kept["ann"])); count as usize].into()),
            None => exchange.get("body").cloned(),
        };
        played.habits.turn(|now| *now = switches(&exchange["switches"]));
        let answer = played.ask(method, &url, body.as_ref(), exchange["as"] != "nobody");
        let told = format!("{told}\nanswered {} {}", answer.status, answer.text);
        assert_eq!(u64::from(answer.status), exchange["status"].as_u64().unwrap(), "{told}");
        let begins = exchange["begins"].as_str().unwrap_or_default();
        assert!(answer.text.starts_with(begins), "{told}");
        let media = exchange["type"].as_str().unwrap_or_default();
        assert!(answer.media.starts_with(media), "{told}");
        for (pointer, value) in exchange["has"].as_object().into_iter().flatten() {
            assert_eq!(answer.body.pointer(pointer), Some(value), "{pointer} of {told}");
        }
        for pointer in exchange["lacks"].as_array().into_iter().flatten() {
            assert_eq!(answer.body.pointer(pointer.as_str().unwrap()), None, "{pointer} of {told}");
        }
        for (name, pointer) in exchange["keep"].as_object().into_iter().flatten() {
            let value = answer.body.pointer(pointer.as_str().unwrap()).and_then(Value::as_str);
            kept.insert(name.clone(), value.expect(&told).to_owned());
        }
    }
}

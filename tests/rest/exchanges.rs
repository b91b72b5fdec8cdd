//! The emulators, each played against a written list of requests and answers with their sources. The lists are not made from the
//! emulators, nor from our connector.

use std::collections::BTreeMap;

use rolecall::sandbox::bluejeans;
use rolecall::sandbox::jive::{Anonymous, Outage, Switches, UsernameChange};
use serde_json::{Value, json};

use super::played::{App, As, Carried, Emulator, Meetings, Played};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The switches of Jive that an exchange names.
fn of_jive(of: &Value) -> Switches {
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

/// The switches of BlueJeans that an exchange names.
fn of_bluejeans(of: &Value) -> bluejeans::Switches {
    let mut switches = bluejeans::Switches::default();
    for (name, value) in of.as_object().into_iter().flatten() {
        let (yes, number) = (value.as_bool(), value.as_u64());
        let status = || u16::try_from(number.unwrap()).unwrap();
        let text = value.as_str().unwrap_or_default();
        match name.as_str() {
            "list_key" if text == "user" => switches.list_key = bluejeans::ListKey::User,
            "shows_all" => switches.shows_all = yes.unwrap(),
            "largest_page" => switches.largest_page = usize::try_from(number.unwrap()).unwrap(),
            "form_tokens" => switches.form_tokens = yes.unwrap(),
            "token_life" => switches.token_life = number.unwrap(),
            "requests_per_token" => switches.requests_per_token = Some(u32::from(status())),
            "is_admin" => switches.is_admin = yes.unwrap(),
            "sso" => switches.sso = yes.unwrap(),
            "reserves" => switches.reserves = yes.unwrap(),
            "detached_status" => switches.detached_status = status(),
            "taken_status" => switches.taken_status = status(),
            "put_status" => switches.put_status = status(),
            "put_replaces" => switches.put_replaces = yes.unwrap(),
            "username_changes" => switches.username_changes = yes.unwrap(),
            "room_fault" if text == "refused" => switches.room_fault = Some(bluejeans::RoomFault::Refused),
            "room_fault" if text == "lost" => switches.room_fault = Some(bluejeans::RoomFault::Lost),
            "outage" if text == "page" => switches.outage = Some(bluejeans::Outage::Page),
            "outage" if text == "empty" => switches.outage = Some(bluejeans::Outage::Empty),
            "outage" if text == "welcome" => switches.outage = Some(bluejeans::Outage::Welcome),
            other => panic!("there is no switch {other}: {value}"),
        }
    }
    switches
}

/// A text or JSON with the kept values in it. A text that is one of them is the value in its own type.
fn filled(value: &Value, kept: &BTreeMap<String, Value>) -> Value {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::String(text) => {
            if let Some((_, whole)) = kept.iter().find(|(name, _)| *text == format!("{{{name}}}")) {
                return whole.clone();
            }
            let fill = |text: String, (name, value): (&String, &Value)| {
                text.replace(&format!("{{{name}}}"), &plain(value))
            };
            Value::String(kept.iter().fold(text.clone(), fill))
        }
        Value::Array(values) => values.iter().map(|value| filled(value, kept)).collect(),
        Value::Object(object) => {
            Value::Object(object.iter().map(|(key, value)| (key.clone(), filled(value, kept))).collect())
        }
        other => other.clone(),
    }
}

/// Plays a list against an emulator, from the top to the bottom.
fn play<H: App>(list: &str, played: &Emulator<H>, turn: impl Fn(&H, &Value)) {
    let list: Value = serde_yaml::from_str(list).unwrap();
    let origin = played.url().to_owned();
    let base = format!("{origin}{}", H::API);
    let mut kept: BTreeMap<String, Value> =
        [("origin", &*origin), ("base", &base), ("secret", played.password())]
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into();
    for (number, exchange) in list.as_array().unwrap().iter().enumerate() {
        let exchange = filled(exchange, &kept);
        let told = format!("exchange {}: {exchange}", number + 1).replace(played.password(), "(secret)");
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
            Some(count) => {
                let one = filled(&json!("{base}/people/{ann}"), &kept);
                Some(vec![one; usize::try_from(count).unwrap()].into())
            }
            None => exchange.get("body").cloned(),
        };
        let carried = match (&body, exchange["form"].as_str()) {
            (Some(body), _) => Carried::Json(body),
            (None, Some(form)) => Carried::Form(form),
            (None, None) => Carried::Nothing,
        };
        let who = match exchange["as"].as_str() {
            None => As::Own,
            Some("nobody") => As::Nobody,
            Some(token) => As::Token(token),
        };
        turn(&played.habits, &exchange["switches"]);
        let answer = played.ask(method, &url, carried, who);
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
            let value = answer.body.pointer(pointer.as_str().unwrap());
            kept.insert(name.clone(), value.expect(&told).clone());
        }
    }
}

#[test]
fn jive_is_played_as_public_sources_show_it() {
    let list = include_str!("../documents/jive.exchanges.yaml");
    play(list, &Played::start(), |habits, named| habits.turn(|now| *now = of_jive(named)));
}

#[test]
fn bluejeans_is_played_as_public_sources_show_it() {
    let list = include_str!("../documents/bluejeans.exchanges.yaml");
    play(list, &Meetings::start(), |habits, named| habits.turn(|now| *now = of_bluejeans(named)));
}

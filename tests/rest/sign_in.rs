//! The sandbox of an app signs in by the first form of its document, with one secret and one text for all parts (safety.md 18).

use rolecall::catalog::Definition;
use rolecall::config::{self, Source};
use rolecall::model::{Kind, Value};

use super::office::Office;
use super::played::Meetings;
use crate::connector::rig::{app, error, want};

/// The connector of this name, in a tree that has this document.
fn connector(name: &str, text: &str) -> Definition {
    let files = [("rolecall.yaml", "version: 1\n"), ("access/connector.yaml", text)];
    let loaded = config::load(&Source::in_memory(files), &config::catalog());
    assert!(!loaded.diagnostics.has_errors());
    Definition::clone(loaded.catalog.get(name).expect("the connector"))
}

#[test]
fn by_a_key() {
    let office = Office::start();
    let document = include_str!("../documents/office.yaml");
    let open = |key: &str| {
        let app = app(&office.url, "").set("tenant", Value::str("acme"));
        app.try_open_given(connector("office", document), key)
    };
    let rig = open("hush").unwrap_or_else(|error| panic!("{error}"));
    assert!(rig.list(&want(Kind::User, &["username"])).is_ok());
    // The header says what the document puts around the key, and the key decides.
    assert!(error(open("hush-hush")).to_string().contains("302"));
}

#[test]
fn by_a_token_that_is_asked_for() {
    let meetings = Meetings::start();
    // Parts that are no secret get the name of the sandbox's account, whatever the document calls them.
    let text = include_str!("../../src/catalog/documents/bluejeans/connector.yaml");
    let text = text.replacen("  bluejeans:", "  other:", 1);
    let (forms, end) = (text.find("      password:\n").unwrap(), text.find("    limits:").unwrap());
    let client = text.find("      client:\n").unwrap();
    let swapped = [&text[..forms], &text[client..end], &text[forms..client], &text[end..]].concat();
    let words = ["The username or the password is wrong", "The client is not known"];
    for (text, form, words) in [(&text, "password", words[0]), (&swapped, "client", words[1])] {
        let definition = connector("other", text);
        assert_eq!(&*definition.sign_ins()[0].0, form);
        let rig = app(meetings.url(), "").try_open_given(definition.clone(), meetings.password());
        let rig = rig.unwrap_or_else(|error| panic!("{error}"));
        assert!(rig.list(&want(Kind::User, &["username"])).is_ok());
        let wrong = error(app(meetings.url(), "").try_open_given(definition, "hush-hush")).to_string();
        assert!(wrong.contains("401") && wrong.contains(words), "{wrong}");
    }
}

//! A connector as data.

use std::sync::Arc;

use crate::model::capabilities::Capabilities;
use crate::model::{Kind, Path, Span, Value};

use super::preset::{Preset, PresetSetting};
use super::rest::{Document, Form, Need};
use super::schema::{Others, Schema};

/// All that is known of a connector without a network.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The word after `connector:`.
    pub name: Arc<str>,
    /// The code that speaks to its apps: several connectors may share one.
    pub protocol: Arc<str>,
    /// One line for `rolecall connectors`.
    pub description: Arc<str>,
    /// JSON Schema (draft 2020-12) of `settings:`.
    pub settings_schema: Arc<str>,
    /// A YAML document with `mappings:`, the default ones; read like a file of the tree.
    pub mappings: Arc<str>,
    /// The mapping of accounts that an app gets if it names none.
    pub user_mapping: Arc<str>,
    /// The mapping of groups that an app gets if it names none.
    pub group_mapping: Arc<str>,
    /// The most it can do, and how its apps name members; discovery and settings take away from it.
    pub capabilities: Capabilities,
    /// The parts of what roles can be on, for each kind of grant.
    pub grants: Vec<Vec<Arc<str>>>,
    /// What a delete of an account does besides.
    pub deletion: Deletion,
    /// Values of attributes of accounts that give more than others (safety.md 10).
    pub power: Vec<(Path, Vec<Value>)>,
    /// Attributes of accounts.
    pub users: Schema,
    /// Attributes of groups.
    pub groups: Schema,
    /// Last parts of addresses that are no base: of collections, and of documents that people copy instead.
    pub not_bases: Vec<Arc<str>>,
    /// A URL as apps have it, for messages.
    pub example_url: Arc<str>,
    /// Target attributes as mappings name them, for messages: `a, b or c`.
    pub example_targets: Arc<str>,
    /// The text of a document that comes with the program.
    pub text: Option<Arc<str>>,
    /// Against what it was tried.
    pub proven: Vec<Arc<str>>,
    /// The document that describes it; none of a protocol that is code.
    pub document: Option<Arc<Document>>,
    /// The preset that it is; its protocol is that of the connector that the preset is made of.
    pub preset: Option<Arc<Preset>>,
}

/// What a delete of an account does besides taking it away, as its connector says (safety.md 16).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletion {
    /// In words, for the plan.
    pub effect: Option<Arc<str>>,
    /// Nothing brings the account back.
    pub irreversible: bool,
    /// Attributes whose values no other account can have afterwards.
    pub reserves: Vec<Path>,
}

impl Deletion {
    /// What a plan says beside a delete.
    pub fn told(&self) -> Option<String> {
        let end = self.irreversible.then_some("it cannot be undone");
        let parts: Vec<&str> = self.effect.as_deref().into_iter().chain(end).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// A way to sign in, as the `auth:` of an app writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// `bearer: SECRET`.
    Bearer,
    /// `basic: {username: …, password: SECRET}`.
    Basic,
    /// `key: SECRET`: one secret under the name of the form.
    Key,
    /// `FORM: {PART: …}`.
    Parts {
        parts: Vec<(Arc<str>, Need)>,
        /// The setting that names the host to which the secrets go, if it is another than that of the app.
        host: Option<Arc<str>>,
    },
}

impl Definition {
    /// The ways to sign in, by the names that `auth:` uses. Where nothing is said there are the two that HTTP has.
    pub fn sign_ins(&self) -> Vec<(Arc<str>, SignIn)> {
        let forms = self.document.as_ref().map(|document| document.auth.as_slice()).unwrap_or_default();
        if forms.is_empty() {
            return vec![("bearer".into(), SignIn::Bearer), ("basic".into(), SignIn::Basic)];
        }
        let sign_in = |form: &Form| match form {
            Form::Basic => SignIn::Basic,
            Form::Bearer => SignIn::Bearer,
            Form::Key { .. } => SignIn::Key,
            Form::Token(form) => SignIn::Parts { parts: form.needs.clone(), host: form.host.clone() },
        };
        forms.iter().map(|(name, form)| (name.clone(), sign_in(form))).collect()
    }

    /// Stands for a connector that is in no catalog. The loader refuses an app that names one, so that it is compiled
    /// for its other mistakes only.
    pub fn unknown(name: &str) -> Self {
        let nothing = || Schema {
            attributes: Vec::new(),
            extensions: Vec::new(),
            others: Others::Anywhere,
            name: Path::top("name"),
            our_id: None,
            access: Vec::new(),
            activity: None,
        };
        Self {
            name: name.into(),
            protocol: name.into(),
            description: "".into(),
            settings_schema: "true".into(),
            mappings: "".into(),
            user_mapping: "".into(),
            group_mapping: "".into(),
            capabilities: Capabilities::NOTHING,
            users: nothing(),
            groups: nothing(),
            not_bases: Vec::new(),
            example_url: "".into(),
            example_targets: "".into(),
            text: None,
            proven: Vec::new(),
            grants: Vec::new(),
            deletion: Deletion::default(),
            power: Vec::new(),
            document: None,
            preset: None,
        }
    }

    /// The setting that names the host of the tokens of this way to sign in, if it is another host than that of the app.
    pub fn token_host(&self, form: &str) -> Option<Arc<str>> {
        self.sign_ins().into_iter().find_map(|(name, sign_in)| match sign_in {
            SignIn::Parts { host, .. } if &*name == form => host,
            _ => None,
        })
    }

    /// Values of settings that an app has unless it says otherwise.
    pub fn settings(&self) -> &[PresetSetting] {
        self.preset.as_ref().map(|preset| preset.settings.as_slice()).unwrap_or_default()
    }

    /// What was not tried, and why.
    pub fn unproven(&self) -> &[Arc<str>] {
        let of_preset = self.preset.as_ref().map(|preset| preset.unproven.as_slice());
        let of_document = || self.document.as_ref().map(|document| document.unproven.as_slice());
        of_preset.or_else(of_document).unwrap_or_default()
    }

    /// The section and the place of a connector that stands in the tree.
    pub fn declared(&self) -> Option<(&'static str, Span)> {
        match (&self.text, &self.preset, &self.document) {
            (None, Some(preset), _) => Some(("presets", preset.span)),
            (None, None, Some(document)) => Some(("connectors", document.span)),
            _ => None,
        }
    }

    /// The attributes of accounts or of groups.
    pub fn schema(&self, kind: Kind) -> &Schema {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// The default mapping of accounts or of groups.
    pub fn mapping(&self, kind: Kind) -> &Arc<str> {
        match kind {
            Kind::User => &self.user_mapping,
            Kind::Group => &self.group_mapping,
        }
    }
}

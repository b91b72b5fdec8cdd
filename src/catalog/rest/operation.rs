//! The operations of a connector, as rules about answers name them.

use crate::model::node::Node;
use crate::model::similar;

use super::reading::Reading;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Token,
    Check,
    Own,
    Once,
    Names,
    List,
    Get,
    Find,
    Create,
    Update,
    Disable,
    Enable,
    Delete,
    /// One attribute that has a call of its own.
    Set,
    Members,
    /// A member, or a grant.
    Add,
    Remove,
}

/// The operations, as a document writes them.
pub const OPERATIONS: [(&str, Operation); 17] = [
    ("token", Operation::Token),
    ("check", Operation::Check),
    ("self", Operation::Own),
    ("once", Operation::Once),
    ("names", Operation::Names),
    ("list", Operation::List),
    ("get", Operation::Get),
    ("find", Operation::Find),
    ("create", Operation::Create),
    ("update", Operation::Update),
    ("disable", Operation::Disable),
    ("enable", Operation::Enable),
    ("delete", Operation::Delete),
    ("set", Operation::Set),
    ("members", Operation::Members),
    ("add", Operation::Add),
    ("remove", Operation::Remove),
];

impl Operation {
    pub(super) fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        let text = node.text()?;
        let found = OPERATIONS.iter().find(|(name, _)| *name == &**text);
        if found.is_none() {
            let names = OPERATIONS.iter().map(|(name, _)| *name);
            let all: Vec<_> = names.clone().collect();
            let hint =
                similar::did_you_mean(text, names).unwrap_or_else(|| format!("there are {}", all.join(", ")));
            reading.error("answers", node.span, format!("there is no operation `{text}`"), &hint);
        }
        found.map(|(_, operation)| *operation)
    }
}

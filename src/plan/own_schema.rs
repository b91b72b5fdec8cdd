//! What the app's own schema says of the mappings: attributes that it does not know, or that only the app writes, and those that
//! a new object needs and that no mapping gives (safety.md 22). `plan` says it, and so does `check`.

use std::collections::BTreeMap;

use super::notice::{Notice, NoticeKind};
use super::reading::own_attributes::{NotSent, not_sent};
use crate::catalog::{Definition, Meaning, Mutability, OwnSchemas};
use crate::model::app::RoleKind;
use crate::model::company::ApplyWhen;
use crate::model::{App, FileSet, Kind, Path};
use crate::resolve::CompiledMapping;

/// The mappings of an app, beside the schema that the app shows of itself.
#[derive(Clone, Copy)]
pub struct OwnSchemaCheck<'a> {
    pub app: &'a App,
    pub definition: &'a Definition,
    /// Of accounts; `None` if it did not compile.
    pub users: Option<&'a CompiledMapping>,
    /// Of groups, if any are pushed.
    pub groups: Option<&'a CompiledMapping>,
    pub own: &'a OwnSchemas,
    /// They tell which mappings come with the program.
    pub files: &'a FileSet,
}

/// An attribute that is written.
struct Mapped {
    path: Path,
    meaning: Meaning,
    /// Written to new objects only.
    once: bool,
    /// No file of the tree maps it: the mapping comes with the program.
    is_standard: bool,
}

impl OwnSchemaCheck<'_> {
    /// All that it says of objects of a kind, none of them known.
    pub fn all(&self, kind: Kind) -> Vec<Notice> {
        let mut all = self.not_sent(kind);
        all.extend(self.set_once(kind));
        all.extend(self.needed(kind));
        all
    }

    /// Attributes that are not sent.
    pub(super) fn not_sent(&self, kind: Kind) -> Vec<Notice> {
        let mut by_why: BTreeMap<(NotSent, bool), Vec<String>> = BTreeMap::new();
        for mapped in self.mapped(kind) {
            if let Some(why) = not_sent(self.own.of(kind), &mapped.path, mapped.meaning) {
                by_why.entry((why, mapped.is_standard)).or_default().push(mapped.path.to_string());
            }
        }
        by_why
            .into_iter()
            .map(|((why, is_standard), paths)| left_out(kind, why, is_standard, &paths))
            .collect()
    }

    /// Attributes that are written at any time, and that the app lets be set once.
    fn set_once(&self, kind: Kind) -> Option<Notice> {
        let (own, standard) = (self.own.of(kind), self.definition.schema(kind));
        let is_set_once = |path: &Path| {
            let refined = own.refined(path, standard.attribute(path));
            refined.is_some_and(|schema| schema.mutability == Mutability::Immutable)
        };
        let paths: Vec<String> = self
            .mapped(kind)
            .into_iter()
            .filter(|mapped| !mapped.once && not_sent(own, &mapped.path, mapped.meaning).is_none())
            .filter(|mapped| is_set_once(&mapped.path))
            .map(|mapped| mapped.path.to_string())
            .collect();
        (!paths.is_empty()).then(|| {
            let text = format!("{}: {} that exist keep what they have", cannot_be_changed(&paths), of(kind));
            Notice::of_app(NoticeKind::Advice, text, Some("map it with `apply: create`".to_owned()))
        })
    }

    /// Attributes that a new object needs and that no mapping gives. Status and members are no attributes of a mapping.
    pub(super) fn needed(&self, kind: Kind) -> Option<Notice> {
        let (own, mapped) = (self.own.of(kind), self.mapped(kind));
        let is_given = |key: &str| {
            let by = |path: &Path| {
                let whole = path.whole();
                let sub = path.parts().sub.as_deref().unwrap_or("value").to_lowercase();
                key == &*whole || key == format!("{whole}.{sub}")
            };
            mapped.iter().any(|mapped| by(&mapped.path))
        };
        let missing: Vec<&str> =
            own.required().filter(|key| !is_given(key)).map(|key| own.spelled(key)).collect();
        (!mapped.is_empty() && !missing.is_empty()).then(|| {
            let text = format!(
                "this app's own schema says that {} need {}, which no mapping gives: the app may refuse new ones",
                of(kind),
                missing.join(", ")
            );
            let hint = "map it, with a default if not all have a value".to_owned();
            Notice::of_app(NoticeKind::Advice, text, Some(hint))
        })
    }

    /// The attributes that are written to objects of a kind; none if there are no such objects.
    fn mapped(&self, kind: Kind) -> Vec<Mapped> {
        let schema = self.definition.schema(kind);
        let is_given_up = self.app.removed.is_some();
        let mapping = match kind {
            Kind::User => self.users,
            Kind::Group => self.groups.filter(|_| !is_given_up && !self.app.groups.push.is_empty()),
        };
        let of_mapping =
            mapping.into_iter().flat_map(|mapping| &mapping.attributes).map(|attribute| Mapped {
                path: attribute.path.clone(),
                meaning: schema.meaning(&attribute.path),
                once: attribute.apply == ApplyWhen::Create,
                is_standard: self.files.get(attribute.span.file).is_some_and(|file| file.is_built_in),
            });
        let mut mapped: Vec<Mapped> = of_mapping.collect();
        // The group of a role gets its name, and nothing else.
        let is_group = |kind: &RoleKind| matches!(kind, RoleKind::Group(_));
        let has_roles = !is_given_up && self.app.roles.iter().any(|role| is_group(&role.kind));
        if kind == Kind::Group && has_roles && !mapped.iter().any(|mapped| mapped.meaning == Meaning::Name) {
            let path = schema.name.clone();
            mapped.push(Mapped { path, meaning: Meaning::Name, once: false, is_standard: true });
        }
        mapped
    }
}

/// Of attributes that an app lets be set once.
pub(super) fn cannot_be_changed(paths: &[String]) -> String {
    format!("{} cannot be changed in this app once it is set", paths.join(", "))
}

fn left_out(kind: Kind, why: NotSent, is_standard: bool, paths: &[String]) -> Notice {
    let (what, paths) = (of(kind), paths.join(", "));
    match why {
        NotSent::Unknown if is_standard => {
            let text = format!(
                "this app's own schema of {what} has no {paths}: it is left out of the standard mapping"
            );
            Notice::of_app(NoticeKind::Advice, text, None)
        }
        NotSent::Unknown => {
            let text = format!("this app's own schema of {what} has no {paths}: it is not sent");
            let hint = "take it out of the mapping, or put its path right".to_owned();
            Notice::of_app(NoticeKind::NotPossible, text, Some(hint))
        }
        NotSent::ReadOnly => {
            let text = format!("this app's own schema of {what} calls {paths} read-only: it is not sent");
            let hint = "it stays as the app has it; take it out of the mapping to be rid of this".to_owned();
            Notice::of_app(NoticeKind::Advice, text, Some(hint))
        }
    }
}

fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "accounts",
        Kind::Group => "groups",
    }
}

//! The parsed files of a tree, side by side.

use crate::config::arena::View;
use crate::config::cursor::Cursor;
use crate::config::hidden::Hidden;
use crate::config::include::ROOT_FILE;
use crate::config::parse::Parsed;
use crate::config::world::Written;
use crate::model::FileSet;

/// The roots of all files.
pub struct Tree<'a> {
    /// All files.
    pub files: &'a FileSet,
    /// The roots of those that are mappings.
    pub roots: Vec<Cursor<'a>>,
    /// How many of the roots are the tree's own.
    own: usize,
    /// Number of the first built-in file.
    pub first_built_in: u32,
    /// rolecall.yaml, if it is a mapping.
    pub settings: Option<Cursor<'a>>,
    /// rolecall.yaml is there and says nothing.
    settings_empty: bool,
    /// Files that could not be read.
    pub hidden: Hidden<'a>,
}

impl<'a> Tree<'a> {
    /// Gathers the roots of parsed files, of which the first `own` are the tree's.
    pub(in crate::config) fn new(
        files: &'a FileSet,
        views: &'a [View<'a>],
        parsed: &'a [Parsed],
        own: usize,
    ) -> Self {
        let mut tree = Self {
            files,
            roots: Vec::new(),
            own: 0,
            first_built_in: own as u32,
            settings: None,
            settings_empty: false,
            hidden: Hidden::default(),
        };
        for (number, (view, parsed)) in views.iter().zip(parsed).enumerate() {
            if parsed.unread {
                tree.hidden.add_unread();
            } else if parsed.hidden {
                tree.hidden.add_text(view.src);
            }
            let is_root = files.get(view.file).is_some_and(|file| &*file.name == ROOT_FILE);
            let root = Cursor::root(view);
            if is_root && !parsed.hidden {
                tree.settings_empty = root.is_none_or(|root| root.is_null());
            }
            let Some(root) = root.filter(Cursor::is_map) else {
                continue;
            };
            tree.roots.push(root);
            tree.own += usize::from(number < own);
            if is_root {
                tree.settings = Some(root);
            }
        }
        tree
    }

    /// A mapping of rolecall.yaml.
    pub fn section(&self, name: &str) -> Written<'a> {
        match (self.settings, self.settings.and_then(|root| root.get(name))) {
            (Some(_), None) => Written::Nowhere,
            (_, Some(section)) if section.is_map() => Written::Here(section),
            (None, _) if self.settings_empty => Written::Nowhere,
            _ => Written::Hidden,
        }
    }

    /// The roots of the tree's own files.
    pub fn own(&self) -> &[Cursor<'a>] {
        &self.roots[..self.own]
    }
}

//! Which files belong to the tree, by name alone.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The file that makes a folder the root.
pub const ROOT_FILE: &str = "rolecall.yaml";

/// What `include:` is if nothing is said.
pub const DEFAULT: [&str; 2] = ["access/**/*.yaml", "access/**/*.yml"];

/// Compiled `include:` globs. Names are relative to the root, with `/`.
#[derive(Debug, Clone)]
pub struct Include {
    globs: GlobSet,
    /// The folders that globs begin with, each without wildcards.
    prefixes: Vec<String>,
}

impl Include {
    /// Compiles globs.
    ///
    /// # Errors
    /// One is wrong: its number, and why.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>) -> Result<Self, (usize, String)> {
        let mut set = GlobSetBuilder::new();
        let mut prefixes = Vec::new();
        for (number, glob) in globs.into_iter().enumerate() {
            let outside = glob.starts_with('/') || glob.split('/').any(|part| part == "..");
            if outside {
                return Err((number, "it leads out of the root".to_owned()));
            }
            if glob.contains(char::is_control) {
                return Err((number, "it holds control characters".to_owned()));
            }
            let compiled = GlobBuilder::new(glob)
                .literal_separator(true)
                .backslash_escape(true)
                .build()
                .map_err(|error| (number, error.kind().to_string()))?;
            set.add(compiled);
            prefixes.push(prefix(glob));
        }
        let globs = set.build().map_err(|error| (0, error.kind().to_string()))?;
        Ok(Self { globs, prefixes })
    }

    /// True if a file belongs to the tree: it is the root file, or a glob matches and no part of its name begins with
    /// a dot.
    pub fn matches(&self, name: &str) -> bool {
        name == ROOT_FILE || (!has_dot(name) && self.globs.is_match(name))
    }

    /// True if files below a folder could belong to the tree.
    pub fn may_hold(&self, folder: &str) -> bool {
        let inside = |inner: &str, outer: &str| {
            outer.is_empty()
                || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !has_dot(folder)
            && self.prefixes.iter().any(|prefix| inside(folder, prefix) || inside(prefix, folder))
    }

    /// Folders and files that hold everything, for git.
    pub fn places(&self) -> Vec<String> {
        if self.prefixes.iter().any(String::is_empty) {
            return Vec::new();
        }
        let mut places = self.prefixes.clone();
        places.push(ROOT_FILE.to_owned());
        places.sort();
        places.dedup();
        places
    }
}

fn has_dot(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.'))
}

/// The folders of a glob before its first wildcard.
fn prefix(glob: &str) -> String {
    let plain = glob.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '\\']));
    let parts: Vec<_> = plain.collect();
    if parts.len() == glob.split('/').count() {
        return glob.to_owned();
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_files_never_match_and_the_root_file_always_does() {
        let include = Include::new(DEFAULT).unwrap();
        assert!(include.matches("rolecall.yaml"));
        assert!(include.matches("access/a.yaml") && include.matches("access/b/c/d.yml"));
        assert!(!include.matches("access/.hidden.yaml") && !include.matches("access/.git/x.yaml"));
        assert!(!include.matches("other/a.yaml") && !include.matches("access/a.txt"));
    }

    #[test]
    fn only_folders_that_can_hold_a_match_are_entered() {
        let include = Include::new(["access/people/*.yaml", "apps/**/x.yaml"]).unwrap();
        assert!(include.may_hold("access") && include.may_hold("access/people"));
        assert!(include.may_hold("apps/a/b"));
        assert!(
            !include.may_hold("src") && !include.may_hold("access/groups") && !include.may_hold("apps/.x")
        );
        assert_eq!(include.places(), ["access/people", "apps", "rolecall.yaml"]);
        assert!(Include::new(["**/*.yaml"]).unwrap().places().is_empty());
    }

    #[test]
    fn globs_out_of_the_root_are_refused() {
        assert!(Include::new(["access/\0"]).is_err());
        assert!(Include::new(["../x/*.yaml"]).is_err());
        assert!(Include::new(["/etc/*.yaml"]).is_err());
        assert_eq!(Include::new(["a", "[x"]).unwrap_err().0, 1);
    }
}

//! The source of the files: the working directory and a commit give the same set, ignored files and dot files do not
//! belong to it, links do not lead out of it, and a difference from the commit makes the tree dirty.

use std::path::{Path, PathBuf};

use rolecall::catalog::Catalog;
use rolecall::config::{self, Loaded, Source};

const USER: &str = "users:\n  NAME: {name: {given: G, family: F}, email: NAME@acme.example}\n";

/// A folder with files, and git if wanted.
struct Tree {
    root: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { root: tempfile::tempdir().unwrap() };
        tree.write("rolecall.yaml", "version: 1\n");
        tree.write("access/ada.yaml", &USER.replace("NAME", "ada"));
        tree
    }

    fn path(&self) -> PathBuf {
        self.root.path().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn repository(&self) -> git2::Repository {
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main");
        git2::Repository::init_opts(self.root.path(), &options).unwrap()
    }

    /// Commits everything that is not ignored, and `also`.
    fn commit(&self, repository: &git2::Repository, also: &[&str]) -> String {
        let mut index = repository.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        for name in also {
            index.add_path(Path::new(name)).unwrap();
        }
        index.write().unwrap();
        let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
        let author = git2::Signature::now("T", "t@acme.example").unwrap();
        let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
        let parents: Vec<_> = parent.iter().collect();
        repository.commit(Some("HEAD"), &author, &author, "m", &tree, &parents).unwrap().to_string()
    }

    fn load(&self) -> Loaded {
        config::load(&Source::open(&self.path(), None).unwrap(), &Catalog::default())
    }

    fn load_at(&self, revision: &str) -> Loaded {
        config::load(&Source::open(&self.path(), Some(revision)).unwrap(), &Catalog::default())
    }
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.inputs.files.iter().map(|name| &**name).collect()
}

fn users(loaded: &Loaded) -> Vec<&str> {
    let company = loaded.company.as_ref().unwrap();
    company.users.iter().map(|user| user.id.as_str()).collect()
}

fn codes(loaded: &Loaded) -> Vec<String> {
    let sorted = loaded.diagnostics.clone().sorted();
    sorted.iter().map(|found| format!("{}: {}", found.code, found.message)).collect()
}

#[test]
fn a_clean_folder_and_its_commit_are_the_same_tree() {
    let tree = Tree::new();
    tree.write(".gitignore", "ignored.yaml\ntracked.yaml\n");
    tree.write("access/ignored.yaml", "no: [configuration");
    tree.write("access/tracked.yaml", &USER.replace("NAME", "tracked"));
    tree.write("access/.dot.yaml", "no: [configuration");
    tree.write("access/.hidden/x.yaml", "no: [configuration");
    tree.write("access/deep/er/bob.yml", &USER.replace("NAME", "bob"));
    tree.write("access/notes.txt", "not matched");
    tree.write("other/x.yaml", "no: [configuration");
    let repository = tree.repository();
    let commit = tree.commit(&repository, &["access/tracked.yaml", "access/.dot.yaml"]);
    let (folder, revision) = (tree.load(), tree.load_at("HEAD"));
    assert_eq!(codes(&folder), [""; 0]);
    assert_eq!(
        names(&folder),
        ["access/ada.yaml", "access/deep/er/bob.yml", "access/tracked.yaml", "rolecall.yaml"]
    );
    assert_eq!(users(&folder), ["ada", "bob", "tracked"]);
    assert_eq!(folder.inputs, revision.inputs);
    assert_eq!(folder.inputs.commit.as_deref(), Some(commit.as_str()));
    assert_eq!(folder.inputs.branch.as_deref(), Some("main"));
    assert!(!folder.inputs.dirty);
}

#[test]
fn only_files_of_the_tree_make_it_dirty() {
    let tree = Tree::new();
    let repository = tree.repository();
    tree.commit(&repository, &[]);
    tree.write("README.md", "untracked, not ours");
    assert!(!tree.load().inputs.dirty);
    tree.write("access/new.yaml", &USER.replace("NAME", "new"));
    let untracked = tree.load();
    assert!(untracked.inputs.dirty);
    assert_eq!(untracked.inputs.changed, ["access/new.yaml"]);
    assert_eq!(users(&untracked), ["ada", "new"]);
    assert_eq!(users(&tree.load_at("HEAD")), ["ada"]);
    assert_ne!(untracked.inputs.tree_hash, tree.load_at("HEAD").inputs.tree_hash);
    std::fs::remove_file(tree.path().join("access/new.yaml")).unwrap();
    std::fs::remove_file(tree.path().join("access/ada.yaml")).unwrap();
    let deleted = tree.load();
    assert_eq!(deleted.inputs.changed, ["access/ada.yaml"]);
    assert_eq!(codes(&deleted), [""; 0]);
}

#[test]
fn the_root_is_the_nearest_folder_upwards() {
    let tree = Tree::new();
    tree.write("sub/rolecall.yaml", "version: 1\ninclude: ['people/*.yaml']\n");
    tree.write("sub/people/eve.yaml", &USER.replace("NAME", "eve"));
    let repository = tree.repository();
    tree.commit(&repository, &[]);
    for start in ["sub", "sub/people"] {
        let start = tree.path().join(start);
        for revision in [None, Some("main")] {
            let loaded = config::load(&Source::open(&start, revision).unwrap(), &Catalog::default());
            assert_eq!(users(&loaded), ["eve"], "{start:?} {revision:?}");
            assert!(!loaded.inputs.dirty);
            assert_eq!(names(&loaded), ["people/eve.yaml", "rolecall.yaml"]);
        }
    }
    // A change outside the root does not matter.
    tree.write("access/ada.yaml", "x-changed: true\n");
    let sub = config::load(&Source::open(&tree.path().join("sub"), None).unwrap(), &Catalog::default());
    assert!(!sub.inputs.dirty);
    assert!(tree.load().inputs.dirty);
}

#[test]
fn outside_git_everything_works_but_there_is_no_commit() {
    let tree = Tree::new();
    let loaded = tree.load();
    assert_eq!(users(&loaded), ["ada"]);
    assert_eq!((loaded.inputs.commit, loaded.inputs.dirty), (None, true));
    let error = Source::open(&tree.path(), Some("HEAD")).unwrap_err();
    assert!(error.message.contains("no git repository"), "{}", error.message);
    let empty = tempfile::tempdir().unwrap();
    let error = Source::open(empty.path(), None).unwrap_err();
    assert!(error.message.contains("there is no rolecall.yaml"), "{}", error.message);
}

#[test]
fn a_tree_in_an_ignored_folder_is_on_its_own() {
    let tree = Tree::new();
    tree.write(".gitignore", "target\n");
    tree.write("target/x/rolecall.yaml", "version: 1\n");
    tree.write("target/x/access/eve.yaml", &USER.replace("NAME", "eve"));
    let repository = tree.repository();
    tree.commit(&repository, &[]);
    let inner = Source::open(&tree.path().join("target/x"), None).unwrap();
    let loaded = config::load(&inner, &Catalog::default());
    assert_eq!(users(&loaded), ["eve"]);
    assert_eq!(loaded.inputs.commit, None);
}

#[test]
fn a_revision_that_is_not_there_is_an_error_with_a_hint() {
    let tree = Tree::new();
    let repository = tree.repository();
    assert_eq!(tree.load().inputs.commit, None);
    assert!(tree.load().inputs.dirty);
    tree.commit(&repository, &[]);
    let error = Source::open(&tree.path(), Some("nowhere")).unwrap_err();
    assert!(error.message.starts_with("there is no commit `nowhere`"), "{}", error.message);
    assert_eq!(error.hints.len(), 1);
}

#[cfg(unix)]
#[test]
fn links_stay_inside_the_root() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("x.yaml"), USER.replace("NAME", "stranger")).unwrap();
    let tree = Tree::new();
    tree.write("people/bob.yaml", &USER.replace("NAME", "bob"));
    symlink("../people/bob.yaml", tree.path().join("access/inside.yaml")).unwrap();
    symlink(outside.path().join("x.yaml"), tree.path().join("access/outside.yaml")).unwrap();
    symlink("../people", tree.path().join("access/folder")).unwrap();
    symlink("nowhere.yaml", tree.path().join("access/broken.yaml")).unwrap();
    let repository = tree.repository();
    tree.commit(&repository, &[]);
    for loaded in [tree.load(), tree.load_at("HEAD")] {
        assert_eq!(users(&loaded), ["ada", "bob"]);
        let codes = codes(&loaded);
        assert_eq!(codes.len(), 3, "{codes:?}");
        assert!(codes[0].starts_with("file-read"), "{codes:?}");
        assert_eq!(codes[1], "symlink: `access/folder` is a link to a folder, which is not followed");
        assert_eq!(codes[2], "symlink: `access/outside.yaml` is a link out of the root");
    }
    assert_eq!(tree.load().inputs.tree_hash, tree.load_at("HEAD").inputs.tree_hash);
}

#[test]
fn what_is_no_text_or_too_large_is_an_error_and_does_not_cascade() {
    let tree = Tree::new();
    std::fs::write(tree.path().join("access/latin1.yaml"), b"groups:\n  x: {name: \"\xe4\"}\n").unwrap();
    tree.write("access/groups.yaml", "groups:\n  all: {members: [user:ada, user:unknown]}\n");
    let loaded = tree.load();
    assert_eq!(codes(&loaded), ["file-encoding: the file is not UTF-8"]);
    let place = loaded.diagnostics.iter().next().and_then(|found| found.span).unwrap();
    assert_eq!(loaded.files.place(place).unwrap().to_string(), "access/latin1.yaml:2:14");
    let large = std::fs::File::create(tree.path().join("access/latin1.yaml")).unwrap();
    large.set_len(33 * 1024 * 1024).unwrap();
    let codes = codes(&tree.load());
    assert_eq!(codes, ["file-size: the file has 34603008 bytes; the most is 33554432"]);
}

#[test]
fn globs_that_lead_out_or_are_broken_stop_the_run() {
    for glob in ["../x/*.yaml", "[", "/etc/*.yaml"] {
        let root = format!("version: 1\ninclude: [\"{glob}\"]\n");
        let loaded = config::load(&Source::in_memory([("rolecall.yaml", root)]), &Catalog::default());
        assert!(loaded.company.is_none());
        assert_eq!(codes(&loaded).len(), 1);
        assert!(codes(&loaded)[0].starts_with("include: "));
    }
}

#[test]
fn an_older_program_says_one_thing_only() {
    for (root, start) in [
        ("requires: \">=99\"\nnonsense: [\n  1]\n", "requires: this tree needs rolecall >=99"),
        ("requires: soon\nnonsense: 1\n", "requires: `requires`: `soon` is not a version requirement"),
        ("version: 2\nnonsense: 1\n", "version: this tree is written in version 2"),
    ] {
        let loaded = config::load(&Source::in_memory([("rolecall.yaml", root)]), &Catalog::default());
        let codes = codes(&loaded);
        assert_eq!(codes.len(), 1, "{codes:?}");
        assert!(codes[0].starts_with(start), "{codes:?}");
        assert!(loaded.company.is_none());
    }
}

/// Loads files beside a root and gives the codes.
fn codes_of(root: &str, access: &str) -> Vec<String> {
    let source = Source::in_memory([("rolecall.yaml", root), ("access/a.yaml", access)]);
    codes(&config::load(&source, &Catalog::default()))
}

#[test]
fn a_broken_root_does_not_cascade() {
    let access =
        "users:\n  ada: {name: {given: A, family: B}, email: a@acme.example, attributes: {x: \"1\"}}\n";
    assert_eq!(codes_of("attributes: {x: [}\n", access).len(), 1);
    assert_eq!(codes_of("- a list\n", access).len(), 1);
    assert_eq!(codes_of("attributes: []\n", access).len(), 1);
    assert_eq!(codes_of("# nothing\n", access), ["unknown-attribute: the attribute `x` is not declared"]);
    assert_eq!(codes_of("version: 1\n", access), ["unknown-attribute: the attribute `x` is not declared"]);
}

#[test]
fn a_broken_binding_does_not_cascade() {
    let access = "apps:\n  a: {connector: none, url: \"https://a.example\", auth: {bearer: {env: A}}}\n";
    let unknown = "unknown-connector: there is no connector `none`".to_owned();
    let missing = codes_of("secrets: {A: {app: a}}\n", access);
    assert_eq!(missing, [unknown.as_str(), "missing-key: `A` has no `host`"]);
    assert_eq!(codes_of("secrets: {A: {app: a, host: a.example}}\n", access), [unknown.as_str()]);
    assert_eq!(codes_of("version: 1\n", access).len(), 2);
    assert_eq!(codes_of("secrets: 1\n", access).len(), 2);
}

/// Only the superuser can give a folder away, so for other users this test shows nothing.
#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_refused_with_the_way_out() {
    let tree = Tree::new();
    let repository = tree.repository();
    tree.commit(&repository, &[]);
    let given = [tree.path(), tree.path().join(".git")]
        .iter()
        .all(|path| std::os::unix::fs::chown(path, Some(12345), Some(12345)).is_ok());
    if !given {
        return;
    }
    let error = Source::open(&tree.path(), None).unwrap_err();
    assert!(error.message.ends_with("belongs to another user"), "{}", error.message);
    assert!(error.hints[0].contains("safe.directory"), "{}", error.hints[0]);
}

#[test]
fn a_time_zone_has_to_exist() {
    let found = codes_of("timezone: Europe/Berlim\n", "users: {}\n");
    assert_eq!(found, ["timezone: there is no time zone `Europe/Berlim`"]);
}

//! The pinned servers: which files make one, how it is installed and started.

use super::install::Tools;

/// One kind of server. Its files are compiled in and written to the install folder, whose name carries their hash: a
/// changed pin or a changed line of wiring is a new installation.
pub struct Kind {
    pub name: &'static str,
    pub tools: Tools,
    /// Relative path and content.
    pub files: &'static [(&'static str, &'static str)],
    /// Arguments of the interpreter; `{data}` is the server's own folder.
    pub start: &'static [&'static str],
    /// A script that the interpreter runs once at installation, in the install folder.
    pub prepare: &'static [&'static str],
    /// Files that are copied from the install folder into the data folder before each start.
    pub template: Option<&'static str>,
    /// True if each first path segment is a tenant of its own.
    pub tenants: bool,
}

macro_rules! files {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!($folder, "/", $path)))),+]
    };
}

pub static SCIM2_SERVER: Kind = Kind {
    name: "scim2-server",
    tools: Tools::Python,
    files: files!("scim2-server": "requirements.txt", "serve.py"),
    start: &["serve.py"],
    prepare: &[],
    template: None,
    tenants: true,
};

pub static SCIMMY: Kind = Kind {
    name: "scimmy",
    tools: Tools::Node,
    files: files!("scimmy": "package.json", "package-lock.json", "serve.mjs"),
    start: &["serve.mjs"],
    prepare: &[],
    template: None,
    tenants: false,
};

pub static DJANGO_SCIM2: Kind = Kind {
    name: "django-scim2",
    tools: Tools::Python,
    files: files!("django-scim2":
        "requirements.txt",
        "serve.py",
        "people/__init__.py",
        "people/fifteen.py",
        "people/models.py",
        "people/token.py",
        "people/urls.py",
    ),
    start: &["serve.py", "{data}/empty.sqlite3"],
    // The tables are made once and the file is copied, because making them takes longer than a start.
    prepare: &["serve.py", "prepare", "empty.sqlite3"],
    template: Some("empty.sqlite3"),
    tenants: false,
};

/// The same installation with the further attributes of people/fifteen.py.
pub static FIFTEEN: Kind = Kind { start: &["serve.py", "15five", "{data}/empty.sqlite3"], ..DJANGO_SCIM2 };

pub static KEYSTONE: Kind = Kind {
    name: "keystone",
    tools: Tools::Python,
    files: files!("keystone": "requirements.txt", "serve.py"),
    start: &["serve.py", "{data}/keystone.sqlite3"],
    prepare: &["serve.py", "prepare", "keystone.sqlite3"],
    template: Some("keystone.sqlite3"),
    tenants: false,
};

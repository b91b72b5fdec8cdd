//! `rolecall connectors`

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::printer::Printer;
use crate::catalog::rest::Need;
use crate::catalog::{Catalog, Definition, SignIn, with_comments};
use crate::config::{self, Source};
use crate::model::company::AttributeDecl;
use crate::model::{FileSet, similar};
use crate::render::escape;

/// List the connectors of this version and of the repository
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Print what a connector is made of: its document, or its default mappings
    Show {
        /// Name of the connector
        name: String,
        /// Print the lines of an app that uses it, to paste
        // The option of all commands with this name takes a value; here it takes none.
        #[arg(id = "apps", long = "app", num_args = 0, default_missing_value = "*")]
        app: Vec<String>,
    },
}

/// The connectors that there are, and what the repository says of them.
struct Known {
    catalog: Catalog,
    files: FileSet,
    attributes: Vec<AttributeDecl>,
}

impl Known {
    /// The default mappings, with the lines as comments that need what the tree does not declare.
    fn mappings(&self, connector: &Definition) -> String {
        let declared = &self.attributes;
        with_comments(&connector.mappings, |name| declared.iter().any(|one| &*one.name == name))
    }
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let done = known(globals, &printer).and_then(|known| match &args.what {
        None => {
            list(globals, &printer, &known);
            Ok(())
        }
        Some(What::Show { name, app }) => show(&printer, &known, name, !app.is_empty()),
    });
    done.map_or_else(|status| status, |()| Status::Done)
}

/// Outside of a repository there are those of this version.
fn known(globals: &Globals, printer: &Printer) -> Result<Known, Status> {
    let built_in = config::catalog();
    let Ok(source) = Source::open(&globals.start(), globals.rev.as_deref()) else {
        return Ok(Known { catalog: built_in, files: FileSet::new(), attributes: Vec::new() });
    };
    let loaded = config::load(&source, &built_in);
    if loaded.diagnostics.stops_tree() {
        findings::print(printer, &loaded.diagnostics.sorted(), &loaded.files);
        return Err(Status::Failed);
    }
    let attributes = loaded.company.map(|company| company.attributes).unwrap_or_default();
    Ok(Known { catalog: loaded.catalog, files: loaded.files, attributes })
}

fn list(globals: &Globals, printer: &Printer, known: &Known) {
    if globals.format == Format::Json {
        let row = |connector: &Arc<Definition>| {
            json!({
                "name": *connector.name,
                "description": *connector.description,
                "origin": origin(known, connector),
                "can": can(connector),
                "proven": proven(connector),
                "not_in_this_version": connector.document.as_ref().map(|document| document.not_in_this_version()),
                "unproven": (connector.document.is_some() || connector.preset.is_some()).then(|| connector.unproven()),
            })
        };
        printer.json(&known.catalog.connectors().map(row).collect::<serde_json::Value>());
        return;
    }
    let mut text = String::new();
    for connector in known.catalog.connectors() {
        let proven = proven(connector);
        let proven = if proven.is_empty() { "nothing".to_owned() } else { proven.join("; ") };
        let lines = [
            ("from", origin(known, connector)),
            ("can", can(connector).join(", ")),
            ("proven against", proven),
        ];
        let not = connector.document.as_ref().map(|document| document.not_in_this_version());
        let not = not.filter(|not| !not.is_empty()).map(|not| ("not in this version", not.join(", ")));
        let unproven = Some(connector.unproven()).filter(|unproven| !unproven.is_empty());
        let unproven = unproven.map(|unproven| ("not proven", unproven.join("; ")));
        _ = writeln!(text, "{}  {}", escape(&connector.name), escape(&connector.description));
        for (key, value) in lines.into_iter().chain(unproven).chain(not) {
            _ = writeln!(text, "    {key}: {}", escape(&value));
        }
    }
    printer.data(&text);
}

fn origin(known: &Known, connector: &Definition) -> String {
    let place = connector.declared().and_then(|(_, span)| known.files.place(span));
    place.map_or_else(|| "built in".to_owned(), |place| place.to_string())
}

fn can(connector: &Definition) -> Vec<&'static str> {
    let all = connector.capabilities.told();
    all.into_iter().filter(|(_, can)| *can).map(|(word, _)| word).collect()
}

fn proven(connector: &Definition) -> Vec<String> {
    connector.proven.iter().map(ToString::to_string).collect()
}

fn show(printer: &Printer, known: &Known, name: &str, app: bool) -> Result<(), Status> {
    let Some(connector) = known.catalog.get(name) else {
        let names = known.catalog.connectors().map(|connector| &*connector.name);
        let hint = similar::hint(name, names, "there are");
        return Err(printer.failed(&format!("there is no connector {name}"), hint.as_deref()));
    };
    match app {
        true => printer.data(&lines_of_app(connector)),
        false => printer.data(&text(known, connector)),
    }
    Ok(())
}

/// The document as it is written, or the default mappings of a protocol that is code.
fn text(known: &Known, connector: &Definition) -> String {
    let mappings = || known.mappings(connector);
    if let Some(text) = &connector.text {
        return format!("{text}{}", mappings());
    }
    let Some((section, span)) = connector.declared() else {
        return format!("# {}\n{}", connector.description, mappings());
    };
    let name = &connector.name;
    let text = known.files.text(span);
    match text.trim_start().starts_with('{') {
        true => format!("{section}:\n  {name}: {}\n", text.trim()),
        // The first line stands behind its own indentation.
        false => format!("{section}:\n  {name}:\n    {}\n", text.trim_end()),
    }
}

/// An app with everything that it has to say, and the binding of its secrets.
fn lines_of_app(connector: &Definition) -> String {
    let name = &connector.name;
    let variable = |part: &str| {
        let clean = |text: &str| -> String {
            text.chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                .collect()
        };
        // No shell takes a variable that begins with a digit.
        let before = if name.starts_with(|c: char| c.is_ascii_digit()) { "APP_" } else { "" };
        format!("{before}{}_{}", clean(name), clean(part))
    };
    let mut secrets = Vec::new();
    let mut secret = |part: &str| {
        let variable = variable(part);
        secrets.push(variable.clone());
        format!("{{env: {variable}}}")
    };
    let (form, sign_in) =
        connector.sign_ins().into_iter().next().unwrap_or_else(|| ("bearer".into(), SignIn::Bearer));
    let mut token_host = false;
    let credential = match sign_in {
        SignIn::Bearer | SignIn::Key => secret(if &*form == "key" { "KEY" } else { "TOKEN" }),
        SignIn::Basic => format!("{{username: USER, password: {}}}", secret("PASSWORD")),
        SignIn::Parts { parts, host } => {
            token_host = host.is_some();
            let part = |(part, need): &(Arc<str>, Need)| match need {
                Need::Text => format!("{part}: TEXT"),
                Need::Secret => format!("{part}: {}", secret(part)),
            };
            format!("{{{}}}", parts.iter().map(part).collect::<Vec<_>>().join(", "))
        }
    };
    let settings = connector.document.as_ref().map(|document| &document.settings);
    let required = settings.into_iter().flatten().filter(|(_, setting)| setting.required);
    let required: Vec<String> = required.map(|(name, _)| format!("{name}: VALUE")).collect();
    let settings = match required.is_empty() {
        true => String::new(),
        false => format!("    settings: {{{}}}\n", required.join(", ")),
    };
    let token_to = if token_host { ", token_to: HOST" } else { "" };
    let bindings =
        secrets.iter().map(|secret| format!("  {secret}: {{app: {name}, host: HOST{token_to}}}\n"));
    // A document says the path of its interface itself.
    let example = connector.preset.as_ref().and_then(|preset| preset.example_url.as_deref());
    let below_host = example.and_then(|example| example.split_once("://")?.1.split_once('/'));
    let path = below_host.map(|(_, path)| format!("/{path}")).unwrap_or_default();
    format!(
        "apps:\n  {name}:\n    connector: {name}\n    url: https://HOST{path}\n    auth: {{{form}: {credential}}}\n{settings}    \
         roles: {{user: {{}}}}\nassignments:\n  - {{app: {name}, role: user, members: [user:ID]}}\n# in rolecall.yaml:\nsecrets:\n{}",
        bindings.collect::<String>()
    )
}

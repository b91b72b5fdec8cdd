//! `docs/configuration.md` is written from the schemas.

use rolecall::catalog::Catalog;

use super::reference::sections;
use super::schema::Schema;
use super::{generated, guards};

const HEAD: &str = "\
# Configuration reference

This page is generated from the schemas that `rolecall validate` uses and `rolecall schema` prints. Editors that know JSON
Schema show the same words. The [README](../README.md) is a guide for the first steps, and
[examples/tour](../examples/tour/rolecall.yaml) uses every key. [Expressions](expressions.md) have a page of their own.

A tree is a folder with `rolecall.yaml` and the files that `include` selects. Any section may stand in any file, except the
settings of the repository, which stand in `rolecall.yaml`. Ids are keys of maps and unique in the whole tree. Keys that begin
with `x-` are allowed everywhere and ignored; any other unknown key is an error.

The files are YAML 1.2: `no`, `on` and `yes` are text. Anchors, aliases, merge keys, tags, several documents in a file and
duplicate keys are errors.

* A *date* is a day in the tree's time zone, such as `2026-12-31`, or an instant, such as `2026-12-31T18:00:00Z`. Days are
  whole days: access starts at the beginning of the first day and ends at the end of the last day. As a last day,
  `9999-12-31` means never. Dates before 1900 are errors.
* A *duration* is a whole number with a unit: `500ms`, `30s`, `2m`, `12h`, `30d`, `4w`.
* An *id* is made of letters, digits and `. _ @ + -`, at most 128 of them.
* A *target attribute* is the name of an attribute in the app: `userName`, `name.givenName`, `emails[type eq \"work\"].value`,
  or of an extension, after the URN of the extension.
";

#[test]
fn the_reference_is_up_to_date() {
    let mut page = HEAD.to_owned();
    page.push_str(&sections(&Schema::parse(&guards::schema()), "", "The tree"));
    for connector in Catalog::built_in().connectors() {
        let schema = Schema::parse(&connector.settings_schema);
        let title = format!("`apps.ID.settings` of the connector {}", connector.name);
        page.push_str(&sections(&schema, "apps.ID.settings", &title));
    }
    generated("docs/configuration.md", &page);
}

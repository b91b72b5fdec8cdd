//! What of a document tells two apps at one address apart: the values that stand in paths and queries (safety.md 1).

use std::collections::BTreeSet;

use super::document::{Document, Once, Own};
use super::listing::Listing;
use super::members::MembersAt;
use super::objects::Objects;
use super::page::Total;
use super::request::{Address, Get, Send};
use super::template::{Placeholder, Template};

impl Document {
    /// The settings, and the values that are asked for once, that a path or a query has.
    pub fn identity(&self) -> BTreeSet<Placeholder> {
        let mut names = Names::default();
        self.base.iter().for_each(|segment| names.template(segment));
        self.check.iter().for_each(|get| names.get(get));
        if let Some(Own::Asked(get, _)) = &self.own {
            names.get(get);
        }
        for source in self.once.iter().flat_map(|(_, sources)| sources) {
            if let Once::Asked(get, _) = source {
                names.get(get);
            }
        }
        self.names.values().for_each(|table| names.listing(&table.list));
        names.objects(&self.users);
        if let Some(groups) = &self.groups {
            names.objects(groups);
        }
        for grant in &self.grants {
            names.listing(&grant.list);
            let changes = grant.add.iter().chain(&grant.remove);
            changes.for_each(|change| names.send(&change.request));
        }
        names.0
    }
}

/// The placeholders so far.
#[derive(Default)]
struct Names(BTreeSet<Placeholder>);

impl Names {
    fn template(&mut self, template: &Template) {
        let is_meant = |name: &&Placeholder| matches!(name, Placeholder::Setting(_) | Placeholder::Once(_));
        self.0.extend(template.holes().map(|hole| &hole.name).filter(is_meant).cloned());
    }

    fn address(&mut self, address: &Address) {
        address.path.iter().for_each(|segment| self.template(segment));
        address.query.iter().flat_map(|(_, values)| values).for_each(|value| self.template(value));
    }

    fn get(&mut self, get: &Get) {
        self.address(&get.address);
    }

    fn send(&mut self, send: &Send) {
        self.address(&send.address);
    }

    fn listing(&mut self, list: &Listing) {
        self.get(&list.request);
        let parts = list.parts.iter().flatten().flat_map(|(_, values)| values);
        parts.for_each(|value| self.template(value));
        if let Some(Total::Asked(get, _)) = &list.page.total {
            self.get(get);
        }
    }

    fn objects(&mut self, objects: &Objects) {
        self.listing(&objects.list);
        objects.get.iter().for_each(|get| self.get(get));
        objects.find.iter().for_each(|(_, find)| self.listing(&find.list));
        objects.create.iter().for_each(|create| self.send(&create.request));
        for step in objects.create.iter().flat_map(|create| &create.later) {
            self.send(&step.request);
            step.unless.iter().for_each(|(get, _)| self.get(get));
        }
        let requests = [
            objects.update.as_ref().map(|update| &update.request),
            objects.disable.as_ref(),
            objects.enable.as_ref(),
            objects.delete.as_ref().map(|delete| &delete.request),
        ];
        requests.into_iter().flatten().for_each(|request| self.send(request));
        for calls in objects.attributes.iter().filter_map(|attribute| attribute.calls.as_ref()) {
            calls.read.iter().for_each(|(get, _)| self.get(get));
            calls.set.iter().chain(&calls.clear).for_each(|request| self.send(request));
        }
        if let Some(members) = &objects.members {
            if let MembersAt::Listed(list) = &members.list {
                self.listing(list);
            }
            let changes = members.add.iter().chain(&members.remove);
            changes.for_each(|change| self.send(&change.request));
            members.set.iter().for_each(|request| self.send(request));
        }
    }
}

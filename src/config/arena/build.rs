//! From the events of the YAML parser to an arena, with the loader's own rules: one document, no anchors, aliases,
//! merge keys or tags, no key twice.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::model::{Diagnostic, Span};

use super::syntax_error;
use super::{Arena, Kind, MAX_DEPTH, Node, Notation};
use crate::config::scalar;

/// Reads one file. `None` if it is no YAML: the diagnostics say why, and nothing of its content is known.
pub fn build(file: u32, src: &str, found: &mut Vec<Diagnostic>) -> Option<Arena> {
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder {
        file,
        src,
        arena: Arena {
            // A node for every dozen bytes is what people write; growing would copy.
            nodes: Vec::with_capacity(src.len() / 12 + 16),
            ..Arena::default()
        },
        stack: Vec::new(),
        documents: 0,
        found,
    };
    for event in Parser::new_from_str_with_options(src, options) {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(src.len()..src.len());
                let tag = span.tag_span().and_then(|tag| tag.byte_range());
                if !builder.event(event, range.start as u32, range.end as u32, tag) {
                    builder.arena.partial = true;
                    break;
                }
            }
            Err(error) => {
                builder.found.push(syntax_error::diagnostic(file, src, &error));
                return None;
            }
        }
    }
    Some(builder.arena)
}

fn notation(style: ScalarStyle) -> Notation {
    match style {
        ScalarStyle::Plain => Notation::Plain,
        ScalarStyle::SingleQuoted => Notation::Single,
        ScalarStyle::DoubleQuoted => Notation::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Notation::Block,
    }
}

/// A collection that is still open.
struct Frame {
    node: u32,
    map: bool,
    at_key: bool,
    /// Where the entry under way begins.
    entry: u32,
    /// True while an entry is read that was refused: its nodes are removed at its end.
    drops_entry: bool,
    /// True once an entry was removed. The collection then counts as refused as a whole, so that no later check reports a
    /// key as missing that stood in the removed entry.
    has_dropped: bool,
    /// Where its last child ended.
    end: u32,
}

/// The arena under construction.
pub(super) struct Builder<'s, 'd> {
    pub(super) file: u32,
    pub(super) src: &'s str,
    pub(super) arena: Arena,
    stack: Vec<Frame>,
    documents: usize,
    pub(super) found: &'d mut Vec<Diagnostic>,
}

impl<'s> Builder<'s, '_> {
    /// Takes in one event. False at a second document: the rest of the file is not read.
    fn event(&mut self, event: Event<'s>, start: u32, end: u32, tag: Option<std::ops::Range<usize>>) -> bool {
        if let Some(tag) = tag {
            self.refuse_tag(tag.start as u32, tag.end as u32);
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse_second_document(start, end);
                    return false;
                }
            }
            Event::Scalar(text, style, ..) => self.scalar(text, style, start, end),
            Event::SequenceStart(..) => self.open(Kind::Seq, start),
            Event::MappingStart(..) => self.open(Kind::Map, start),
            Event::SequenceEnd | Event::MappingEnd => self.close(start, end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.alias(start, end),
            Event::Anchor(..) => self.refuse_anchor(start, end),
            _ => {}
        }
        true
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    /// Refuses the entry under way: its nodes are removed at its end.
    pub(super) fn drop_entry(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.drops_entry = true;
        }
    }

    /// True inside an entry that will be removed: its own mistakes are not reported.
    fn is_dropping(&self) -> bool {
        self.stack.iter().any(|frame| frame.drops_entry)
    }

    fn push(&mut self, start: u32, end: u32, kind: Kind) -> u32 {
        let at = self.arena.nodes.len() as u32;
        self.arena.nodes.push(Node {
            start,
            len: end.saturating_sub(start),
            next: at + 1,
            kind,
            notation: Notation::Plain,
        });
        at
    }

    /// Notes where an entry begins, if the next node is a key; true if it is one.
    fn begin_entry(&mut self) -> bool {
        let at = self.arena.nodes.len() as u32;
        match self.stack.last_mut() {
            Some(frame) if frame.map && frame.at_key => {
                frame.entry = at;
                true
            }
            _ => false,
        }
    }

    /// A node inside the innermost open collection is complete.
    fn node_done(&mut self, end: u32) {
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        frame.end = frame.end.max(end);
        if !frame.map {
            return;
        }
        if frame.at_key {
            frame.at_key = false;
            return;
        }
        frame.at_key = true;
        if frame.drops_entry {
            frame.drops_entry = false;
            frame.has_dropped = true;
            self.arena.nodes.truncate(frame.entry as usize);
        }
    }

    fn scalar(&mut self, text: Cow<'s, str>, style: ScalarStyle, start: u32, end: u32) {
        let is_key = self.begin_entry();
        let plain = style == ScalarStyle::Plain;
        if is_key && plain && text == "<<" {
            self.refuse_merge_key(start, end);
        }
        if plain {
            self.warn_yaml_1_1(&text, start, end);
        }
        let kind = match (plain, is_key) {
            (true, false) => scalar::plain_kind(&text),
            // The parser gives a key that is not there as `~` of no length.
            (true, true) if text == "~" && start == end => Kind::Null,
            _ => Kind::Str,
        };
        if is_key && kind == Kind::Null {
            self.refuse_key(start, end);
        }
        let at = self.push_text(&text, kind, start, end);
        self.arena.nodes[at as usize].notation = notation(style);
        self.node_done(end);
    }

    fn push_text(&mut self, text: &str, kind: Kind, start: u32, end: u32) -> u32 {
        if kind != Kind::Str {
            return self.push(start, end, kind);
        }
        // Text that the parser took from the file as it stands is borrowed: its address gives its place. The text of an empty
        // value does not lie in the file, hence the check of the range.
        let base = self.src.as_ptr() as usize;
        let inside = (text.as_ptr() as usize)
            .checked_sub(base)
            .filter(|at| self.src.get(*at..at + text.len()) == Some(text));
        if let Some(at) = inside {
            return self.push(at as u32, (at + text.len()) as u32, Kind::Str);
        }
        if self.src.get(start as usize..end as usize) == Some(text) {
            return self.push(start, end, Kind::Str);
        }
        let from = self.arena.extra.len() as u32;
        self.arena.extra.push_str(text);
        let number = self.arena.owned.len() as u32;
        self.arena.owned.push((from, self.arena.extra.len() as u32));
        let at = self.push(start, end, Kind::OwnedStr);
        self.arena.nodes[at as usize].next = number;
        at
    }

    fn open(&mut self, kind: Kind, start: u32) {
        if self.begin_entry() {
            self.refuse_key(start, start + 1);
        }
        let node = self.push(start, start, kind);
        self.stack.push(Frame {
            node,
            map: kind == Kind::Map,
            at_key: true,
            entry: node + 1,
            drops_entry: false,
            has_dropped: false,
            end: start,
        });
    }

    fn close(&mut self, start: u32, end: u32) {
        let Some(frame) = self.stack.pop() else { return };
        let last = self.arena.nodes.len() as u32;
        // A block collection ends where its last child ends, a flow collection at its bracket.
        let node = &self.arena.nodes[frame.node as usize];
        let flow = matches!(self.src.as_bytes().get(node.start as usize), Some(b'{' | b'['));
        let stop = if flow { end.max(start) } else { frame.end };
        let node = &mut self.arena.nodes[frame.node as usize];
        node.next = last;
        node.len = stop.saturating_sub(node.start);
        let whole = (node.start, node.start + node.len);
        if frame.has_dropped {
            self.arena.refused.push(whole);
        }
        if frame.map && !self.is_dropping() {
            self.refuse_repeated_keys(frame.node);
        }
        self.node_done(stop);
    }

    fn alias(&mut self, start: u32, end: u32) {
        let is_key = self.begin_entry();
        if !self.is_dropping() {
            self.refuse_alias(start, end);
        }
        self.arena.refused.push((start, end));
        if is_key {
            self.drop_entry();
        }
        self.push(start, end, Kind::Null);
        self.node_done(end);
    }
}

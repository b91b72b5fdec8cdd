//! `user:ID` and `group:ID`, and the lines below `members:`.

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::company::{Member, Principal, Terms};
use crate::model::id::{GroupNo, UserNo};
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

impl<'a> Reader<'_, 'a> {
    /// One principal, settled.
    pub fn principal(&mut self, node: Cursor<'a>) -> Option<Principal> {
        let text = self.str(node)?;
        let span = node.span();
        match text.split_once(':') {
            Some(("user", id)) => {
                let skip = "user:".len() as u32;
                let span = inner(node, span, skip);
                self.user(id, span).map(Principal::User)
            }
            Some(("group", id)) => {
                let skip = "group:".len() as u32;
                let span = inner(node, span, skip);
                self.group(id, span).map(Principal::Group)
            }
            _ => {
                let diagnostic = Diagnostic::error("principal", span, format!("`{text}` is not a principal"));
                self.found.push(diagnostic.with_hint(format!("write `user:{text}` or `group:{text}`")));
                None
            }
        }
    }

    /// A user by id.
    pub fn user(&mut self, id: &str, span: Span) -> Option<UserNo> {
        let number = self.world.users.number(id).map(UserNo);
        if number.is_none() {
            let world = self.world;
            self.found.extend(world.unknown("unknown-user", "user", id, span, &world.users));
        }
        number
    }

    /// A group by id.
    pub fn group(&mut self, id: &str, span: Span) -> Option<GroupNo> {
        let number = self.world.groups.number(id).map(GroupNo);
        if number.is_none() {
            let world = self.world;
            self.found.extend(world.unknown("unknown-group", "group", id, span, &world.groups));
        }
        number
    }

    /// A list of principals.
    pub fn principals(&mut self, of: &Merged<'a>, key: &str) -> Vec<Principal> {
        let nodes = self.list(of, key);
        nodes.into_iter().filter_map(|node| self.principal(node)).collect()
    }

    /// The lines of `members:`. The same principal twice in one list is an error.
    pub fn members(&mut self, of: &Merged<'a>, key: &str) -> Vec<Member> {
        let nodes = self.list(of, key);
        let mut members: Vec<Member> = Vec::with_capacity(nodes.len());
        for node in nodes {
            members.extend(self.member(node));
        }
        self.find_repeated_members(&members);
        members
    }

    fn member(&mut self, node: Cursor<'a>) -> Option<Member> {
        if !node.is_map() {
            return Some(Member { principal: self.principal(node)?, span: node.span(), terms: None });
        }
        let long = Merged::from(node);
        let validity = self.window(&long, "start", "expires");
        let reason = self.shared(&long, "reason");
        let Field { value, .. } = long.get("member")?;
        Some(Member {
            principal: self.principal(value.node)?,
            span: value.node.span(),
            terms: Some(Box::new(Terms { window: validity.window, reason })),
        })
    }

    /// Two lines about one principal are two opinions about when it holds, unless both say when.
    fn find_repeated_members(&mut self, members: &[Member]) {
        if members.len() < 2 {
            return;
        }
        let mut order: Vec<&Member> = members.iter().collect();
        order.sort_by_key(|member| (member.principal, member.span));
        for pair in order.windows(2) {
            let [first, second] = pair else { continue };
            if first.principal != second.principal || (first.terms.is_some() && second.terms.is_some()) {
                continue;
            }
            self.found.push(
                Diagnostic::error("duplicate-member", second.span, "this member is listed twice")
                    .with_related(first.span, "first here")
                    .with_hint("keep one of the two lines"),
            );
        }
    }
}

/// The span of the id inside `user:ID`, if the text stands in the file as it is.
fn inner(node: Cursor<'_>, span: Span, skip: u32) -> Span {
    if node.kind() == crate::config::arena::Kind::Str {
        Span::new(span.file, span.start + skip, span.end)
    } else {
        span
    }
}

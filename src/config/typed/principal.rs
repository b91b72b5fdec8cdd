//! `user:ID` and `group:ID`, and the lines below `members:`.

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::id::{GroupNo, UserNo};
use crate::model::member::{Member, Principal, Terms};
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

/// One principal, settled.
pub fn principal<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>) -> Option<Principal> {
    let text = reader.str(node)?;
    let span = node.span();
    match text.split_once(':') {
        Some(("user", id)) => {
            let skip = "user:".len() as u32;
            let span = inner(node, span, skip);
            user(reader, id, span).map(Principal::User)
        }
        Some(("group", id)) => {
            let skip = "group:".len() as u32;
            let span = inner(node, span, skip);
            group(reader, id, span).map(Principal::Group)
        }
        _ => {
            let diagnostic = Diagnostic::error("principal", span, format!("`{text}` is not a principal"));
            reader.found.push(diagnostic.with_hint(format!("write `user:{text}` or `group:{text}`")));
            None
        }
    }
}

/// A user by id.
pub fn user(reader: &mut Reader, id: &str, span: Span) -> Option<UserNo> {
    let number = reader.world.users.number(id).map(UserNo);
    if number.is_none() {
        let world = reader.world;
        reader.found.extend(world.unknown("unknown-user", "user", id, span, &world.users));
    }
    number
}

/// A group by id.
pub fn group(reader: &mut Reader, id: &str, span: Span) -> Option<GroupNo> {
    let number = reader.world.groups.number(id).map(GroupNo);
    if number.is_none() {
        let world = reader.world;
        reader.found.extend(world.unknown("unknown-group", "group", id, span, &world.groups));
    }
    number
}

/// A list of principals.
pub fn principals<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, key: &str) -> Vec<Principal> {
    let nodes = reader.list(of, key);
    nodes.into_iter().filter_map(|node| principal(reader, node)).collect()
}

/// The lines of `members:`. The same principal twice in one list is an error.
pub fn members<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, key: &str) -> Vec<Member> {
    let nodes = reader.list(of, key);
    let mut members: Vec<Member> = Vec::with_capacity(nodes.len());
    for node in nodes {
        members.extend(member(reader, node));
    }
    find_repeated_members(reader, &members);
    members
}

fn member<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>) -> Option<Member> {
    if !node.is_map() {
        return Some(Member { principal: principal(reader, node)?, span: node.span(), terms: None });
    }
    let long = Merged::from(node);
    let validity = reader.window(&long, "start", "expires");
    let reason = reader.shared(&long, "reason");
    let Field { value, .. } = long.get("member")?;
    Some(Member {
        principal: principal(reader, value.node)?,
        span: value.node.span(),
        terms: Some(Box::new(Terms { window: validity.window, reason })),
    })
}

/// Two lines about one principal are two opinions about when it holds, unless both say when.
fn find_repeated_members(reader: &mut Reader, members: &[Member]) {
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
        reader.found.push(
            Diagnostic::error("duplicate-member", second.span, "this member is listed twice")
                .with_related(first.span, "first here")
                .with_hint("keep one of the two lines"),
        );
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

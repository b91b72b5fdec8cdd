//! The text of an expression, as the files hold it.

use std::sync::Arc;

use super::span::Span;

/// Source text of an expression, and how to find its characters in the file.
#[derive(Debug, Clone)]
pub struct ExprSource {
    /// The expression.
    pub text: Arc<str>,
    /// The scalar in the file.
    pub span: Span,
    /// `(offset in text, offset in file)` at the start of every stretch that stands in the file as it is, ascending;
    /// empty if there is no such stretch.
    pub segments: Arc<[(u32, u32)]>,
}

impl ExprSource {
    /// Where bytes `start..end` of the text stand in the file; the whole scalar if that cannot be said.
    pub fn span_of(&self, start: u32, end: u32) -> Span {
        let at = |offset: u32| {
            let index = self.segments.partition_point(|(text, _)| *text <= offset).checked_sub(1)?;
            let (text, file) = self.segments[index];
            Some((file + (offset - text)).min(self.span.end))
        };
        match (at(start), at(end.max(start + 1) - 1)) {
            (Some(from), Some(last)) if last >= from => Span::new(self.span.file, from, last + 1),
            _ => self.span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_position_is_found_in_the_file() {
        let whole = Span::new(0, 100, 130);
        let source = ExprSource {
            text: "user.nme == 1".into(),
            span: whole,
            segments: vec![(0, 101), (9, 115)].into(),
        };
        assert_eq!(source.span_of(5, 8), Span::new(0, 106, 109));
        assert_eq!(source.span_of(9, 11), Span::new(0, 115, 117));
        let unknown = ExprSource { segments: Vec::new().into(), ..source };
        assert_eq!(unknown.span_of(5, 8), whole);
    }
}

use serde_json::Value;

use super::{Comparison, Filter, Op, Operand, fold};
use crate::sandbox::attr::{Attr, Returned, Type};
use crate::sandbox::fault::{Fault, quote};
use crate::sandbox::kind::Kind;
use crate::sandbox::target::Target;

/// Longest filter, in bytes.
const LENGTH: usize = 8_192;
/// Deepest nesting of parentheses and brackets.
const DEPTH: usize = 32;
/// Most comparisons in one filter.
const TERMS: usize = 256;

/// The object that attribute names refer to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// A whole resource.
    Resource(Kind),
    /// One value of a multi-valued attribute, between `[` and `]`.
    Inside(&'static Attr),
}

impl Filter {
    /// Reads a whole filter.
    pub(crate) fn parse(kind: Kind, text: &str) -> Result<Self, Fault> {
        let mut parser = Parser::new(text)?;
        let filter = parser.any(Scope::Resource(kind))?;
        match parser.rest().trim_start() {
            "" => Ok(filter),
            rest => Err(Fault::filter(format!("the filter should end before {}", quote(rest)))),
        }
    }

    /// Reads the filter of a PATCH path: `text` starts after `[`. The rest after `]` is returned too.
    pub(crate) fn parse_inside<'a>(attr: &'static Attr, text: &'a str) -> Result<(Self, &'a str), Fault> {
        let mut parser = Parser::new(text)?;
        let filter = parser.any(Scope::Inside(attr))?;
        parser.expect(']')?;
        Ok((filter, parser.rest()))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, Fault> {
        if text.len() > LENGTH {
            return Err(Fault::filter(format!("the filter is longer than {LENGTH} bytes")));
        }
        Ok(Self { text, at: 0, depth: 0, terms: 0 })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    fn wrong(&self, wanted: &str) -> Fault {
        match self.rest() {
            "" => Fault::filter(format!("the filter ends where {wanted} should be")),
            rest => Fault::filter(format!("the filter has {} where {wanted} should be", quote(rest))),
        }
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip_spaces();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len_utf8();
        }
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), Fault> {
        if self.take(sign) { Ok(()) } else { Err(self.wrong(&format!("{sign:?}"))) }
    }

    /// The next word, up to a space, quote, parenthesis or bracket.
    fn peek_word(&mut self) -> &'a str {
        self.skip_spaces();
        let rest = self.rest();
        let end = rest.find([' ', '"', '(', ')', '[', ']']).unwrap_or(rest.len());
        &rest[..end]
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let word = self.peek_word();
        let found = word.eq_ignore_ascii_case(keyword);
        if found {
            self.at += word.len();
        }
        found
    }

    fn any(&mut self, scope: Scope) -> Result<Filter, Fault> {
        let mut terms = vec![self.all(scope)?];
        while self.take_keyword("or") {
            terms.push(self.all(scope)?);
        }
        Ok(single_or(terms, Filter::Or))
    }

    fn all(&mut self, scope: Scope) -> Result<Filter, Fault> {
        let mut terms = vec![self.term(scope)?];
        while self.take_keyword("and") {
            terms.push(self.term(scope)?);
        }
        Ok(single_or(terms, Filter::And))
    }

    fn term(&mut self, scope: Scope) -> Result<Filter, Fault> {
        if self.take_keyword("not") {
            self.expect('(')?;
            return Ok(Filter::Not(Box::new(self.nested(scope, ')')?)));
        }
        if self.take('(') {
            return self.nested(scope, ')');
        }
        self.terms += 1;
        if self.terms > TERMS {
            return Err(Fault::filter(format!("the filter has more than {TERMS} comparisons")));
        }
        let target = self.target(scope)?;
        if self.rest().starts_with('[') {
            self.at += 1;
            if matches!(scope, Scope::Inside(_)) || target.sub.is_some() || target.attr.of != Type::Complex {
                return Err(Fault::filter(format!("{} cannot be followed by '['", target.leaf().name)));
            }
            let inner = self.nested(Scope::Inside(target.attr), ']')?;
            return Ok(Filter::Within(target, Box::new(inner)));
        }
        if self.take_keyword("pr") {
            return Ok(Filter::Present(target));
        }
        let op = self.operator()?;
        let literal = self.literal()?;
        let operand = operand(&target, op, literal)?;
        Ok(Filter::Compare(Comparison { target, op, operand }))
    }

    fn nested(&mut self, scope: Scope, close: char) -> Result<Filter, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::filter(format!("the filter is nested deeper than {DEPTH} levels")));
        }
        let inner = self.any(scope)?;
        self.expect(close)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn target(&mut self, scope: Scope) -> Result<Target, Fault> {
        let word = self.peek_word();
        let known = match scope {
            Scope::Resource(kind) => Target::parse(kind, word),
            Scope::Inside(attr) => Target::inside(attr, word),
        };
        let Some(target) = known else {
            return Err(if word.is_empty() {
                self.wrong("an attribute")
            } else {
                Fault::filter(format!("there is no attribute {} to filter by", quote(word)))
            });
        };
        // A filter could be used to guess a password: RFC 7643 section 7, "returned: never".
        if target.attr.returned == Returned::Never {
            return Err(Fault::filter(format!("{} cannot be filtered by", target.attr.name)));
        }
        self.at += word.len();
        Ok(target)
    }

    fn operator(&mut self) -> Result<Op, Fault> {
        const OPERATORS: [(&str, Op); 9] = [
            ("eq", Op::Eq),
            ("ne", Op::Ne),
            ("co", Op::Co),
            ("sw", Op::Sw),
            ("ew", Op::Ew),
            ("gt", Op::Gt),
            ("ge", Op::Ge),
            ("lt", Op::Lt),
            ("le", Op::Le),
        ];
        let word = self.peek_word();
        match OPERATORS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
            Some((_, op)) => {
                self.at += word.len();
                Ok(*op)
            }
            None => Err(self.wrong("an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr)")),
        }
    }

    /// `null`, `true`, `false`, a number or a string, each as in JSON.
    fn literal(&mut self) -> Result<Value, Fault> {
        self.skip_spaces();
        let length = if self.rest().starts_with('"') {
            string_length(self.rest()).ok_or_else(|| self.wrong("a string that ends"))?
        } else {
            self.peek_word().len()
        };
        let Ok(value) = serde_json::from_str(&self.rest()[..length]) else {
            return Err(self.wrong("a value (a string in double quotes, true, false, null or a number)"));
        };
        self.at += length;
        Ok(value)
    }
}

fn single_or(mut terms: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        last => {
            terms.extend(last);
            several(terms)
        }
    }
}

/// The bytes of the JSON string that `text` starts with, quotes included.
fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Checks that the operator and the value suit the attribute's type (RFC 7644 section 3.4.2.2, table 3).
fn operand(target: &Target, op: Op, literal: Value) -> Result<Operand, Fault> {
    let leaf = target.leaf();
    let equality = matches!(op, Op::Eq | Op::Ne);
    let unfit = |why: &str| Err(Fault::filter(format!("{} {why}", leaf.name)));
    match (leaf.of, literal) {
        (Type::Complex, _) => unfit("has parts; compare one of them"),
        (_, Value::Null) if equality => Ok(Operand::Null),
        (_, Value::Null) => unfit("can only be equal or not equal to null"),
        (Type::Boolean, Value::Bool(value)) if equality => Ok(Operand::Bool(value)),
        (Type::Boolean, Value::Bool(_)) => unfit("is a boolean, which has no order and no parts"),
        (Type::Boolean, _) => unfit("is a boolean; compare it with true or false"),
        (Type::DateTime, _) if matches!(op, Op::Co | Op::Sw | Op::Ew) => unfit("is a time, not a text"),
        (Type::DateTime, Value::String(text)) => match text.parse() {
            Ok(time) => Ok(Operand::Time(time)),
            Err(_) => unfit("is a time; compare it with one as \"2026-01-31T12:00:00Z\""),
        },
        (Type::Binary, _) if !equality => unfit("is binary; it can only be equal or not equal"),
        (Type::String | Type::Reference | Type::Binary, Value::String(text)) => {
            Ok(Operand::Text(if leaf.case_exact { text } else { fold(&text) }))
        }
        _ => unfit("must be compared with a string in double quotes"),
    }
}

#[cfg(test)]
mod tests;

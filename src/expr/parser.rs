//! Tokens to syntax tree, by the grammar of CEL. The parser stops at the first mistake, because it would have to guess
//! after one.

use super::ast::{Comparison, Expr, Factor, Name, Node, Sign};
use super::lexer::{Kind, Token, tokens};
use super::limits;
use super::problem::{At, Problem};

type Parsed<T> = Result<T, Problem>;

/// Names that CEL reserves for itself and for the languages that embed it.
const RESERVED: [&str; 18] = [
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Parsed<Expr> {
    if text.len() > limits::SOURCE_BYTES {
        let at = At::new(0, text.len());
        return Err(Problem::new(
            "expr-limit",
            at,
            format!("the expression is longer than {} bytes", limits::SOURCE_BYTES),
        ));
    }
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, nodes: 0, nesting: 0 };
    if parser.tokens.len() == 1 {
        return Err(Problem::new("expr-syntax", At::new(0, text.len()), "the expression is empty"));
    }
    let whole = parser.expr()?;
    match parser.peek() {
        Kind::End => Ok(whole),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'s> {
    text: &'s str,
    /// The last token is [`Kind::End`], which the parser never passes.
    tokens: Vec<Token<'s>>,
    next: usize,
    nodes: usize,
    nesting: u32,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> &Kind<'s> {
        self.tokens.get(self.next).map_or(&Kind::End, |token| &token.kind)
    }

    fn here(&self) -> At {
        let end = At::new(self.text.len(), self.text.len());
        self.tokens.get(self.next).map_or(end, |token| token.at)
    }

    /// The range from `start` to the end of the last token.
    fn since(&self, start: At) -> At {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        start.to(last.map_or(start, |token| token.at))
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Kind::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        if self.eat(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{sign}`")))
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        let at = self.here();
        let problem =
            |found: &str| Problem::new("expr-syntax", at, format!("expected {wanted}, found {found}"));
        let before = self.next.checked_sub(1).and_then(|before| self.tokens.get(before));
        if before.is_some_and(|token| matches!(token.kind, Kind::Name("not" | "NOT"))) {
            return problem(&format!("`{}`", at.snippet(self.text))).hint("`!` is not");
        }
        match self.peek() {
            Kind::End => problem("the end of the expression"),
            Kind::Name(word) => {
                let hint = match word.to_ascii_lowercase().as_str() {
                    "and" => Some("`&&` is and"),
                    "or" => Some("`||` is or"),
                    "not" => Some("`!` is not"),
                    "is" | "eq" => Some("`==` compares"),
                    "ne" => Some("`!=` compares"),
                    "if" | "then" | "else" => Some("write `condition ? value : other`"),
                    _ => None,
                };
                problem(&format!("`{word}`")).maybe_hint(hint)
            }
            _ => problem(&format!("`{}`", at.snippet(self.text))),
        }
    }

    /// Makes a node, and counts it and its depth.
    fn node(&mut self, node: Node, at: At) -> Parsed<Expr> {
        self.nodes += 1;
        let depth = node.child_depth() + 1;
        if self.nodes > limits::NODES {
            let message = format!("the expression has more than {} parts", limits::NODES);
            return Err(Problem::new("expr-limit", at, message));
        }
        if depth > limits::DEPTH {
            return Err(self.too_deep(at));
        }
        Ok(Expr { node, at, depth })
    }

    fn too_deep(&self, at: At) -> Problem {
        let message = format!("the expression is nested more than {} deep", limits::DEPTH);
        Problem::new("expr-limit", at, message)
    }

    /// Parses `a ? b : c ? d : e`, the whole chain at once.
    fn expr(&mut self) -> Parsed<Expr> {
        self.nesting += 1;
        if self.nesting > limits::DEPTH {
            return Err(self.too_deep(self.here()));
        }
        let start = self.here();
        let mut last = self.or()?;
        let mut arms = Vec::new();
        while self.eat("?") {
            let value = self.or()?;
            self.expect(":")?;
            arms.push((last, value));
            last = self.or()?;
        }
        self.nesting -= 1;
        if arms.is_empty() {
            return Ok(last);
        }
        let at = self.since(start);
        self.node(Node::Choose(arms, Box::new(last)), at)
    }

    fn or(&mut self) -> Parsed<Expr> {
        self.logic("||", Self::and, Node::Or)
    }

    fn and(&mut self) -> Parsed<Expr> {
        self.logic("&&", Self::relation, Node::And)
    }

    fn logic(
        &mut self,
        sign: &str,
        inner: fn(&mut Self) -> Parsed<Expr>,
        make: fn(Vec<Expr>) -> Node,
    ) -> Parsed<Expr> {
        let start = self.here();
        let first = inner(self)?;
        if !self.eat(sign) {
            return Ok(first);
        }
        let mut terms = vec![first, inner(self)?];
        while self.eat(sign) {
            terms.push(inner(self)?);
        }
        let at = self.since(start);
        self.node(make(terms), at)
    }

    fn relation(&mut self) -> Parsed<Expr> {
        let start = self.here();
        let mut left = self.sum()?;
        loop {
            let comparison = match self.peek() {
                Kind::Sign("==") => Some(Comparison::Equal),
                Kind::Sign("!=") => Some(Comparison::Unequal),
                Kind::Sign("<") => Some(Comparison::Less),
                Kind::Sign("<=") => Some(Comparison::LessEqual),
                Kind::Sign(">") => Some(Comparison::Greater),
                Kind::Sign(">=") => Some(Comparison::GreaterEqual),
                Kind::Name("in") => None,
                _ => return Ok(left),
            };
            self.next += 1;
            let pair = (Box::new(left), Box::new(self.sum()?));
            let at = self.since(start);
            let node = match comparison {
                Some(comparison) => Node::Compare(comparison, pair.0, pair.1),
                None => Node::In(pair.0, pair.1),
            };
            left = self.node(node, at)?;
        }
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let start = self.here();
        let mut terms = vec![(Sign::Plus, self.product()?)];
        loop {
            let sign = match self.peek() {
                Kind::Sign("+") => Sign::Plus,
                Kind::Sign("-") => Sign::Minus,
                _ => break,
            };
            self.next += 1;
            terms.push((sign, self.product()?));
        }
        let at = self.since(start);
        self.chain(terms, at, Node::Sum)
    }

    fn product(&mut self) -> Parsed<Expr> {
        let start = self.here();
        let mut factors = vec![(Factor::Times, self.unary()?)];
        loop {
            let sign = match self.peek() {
                Kind::Sign("*") => Factor::Times,
                Kind::Sign("/") => Factor::Divide,
                Kind::Sign("%") => Factor::Modulo,
                _ => break,
            };
            self.next += 1;
            factors.push((sign, self.unary()?));
        }
        let at = self.since(start);
        self.chain(factors, at, Node::Product)
    }

    /// The only member of a chain, or the chain.
    fn chain<S>(
        &mut self,
        mut parts: Vec<(S, Expr)>,
        at: At,
        make: fn(Vec<(S, Expr)>) -> Node,
    ) -> Parsed<Expr> {
        match parts.pop() {
            Some((_, only)) if parts.is_empty() => Ok(only),
            Some(last) => {
                parts.push(last);
                self.node(make(parts), at)
            }
            None => Err(self.unexpected("a value")),
        }
    }

    /// Parses `!` and `-`, any number of them, without recursion. Two equal ones cancel each other; only the type
    /// remains.
    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.here();
        let mut count = 0;
        let sign = if matches!(self.peek(), Kind::Sign("!")) { "!" } else { "-" };
        while self.eat(sign) {
            count += 1;
        }
        if count == 0 {
            return self.member(false);
        }
        let negative_literal = sign == "-" && count % 2 == 1 && matches!(self.peek(), Kind::Int(_));
        let mut inner = self.member(negative_literal)?;
        let wraps = match (negative_literal, count % 2) {
            (true, _) => 0,
            (false, 1) => 1,
            (false, _) => 2,
        };
        let at = self.since(start);
        for _ in 0..wraps {
            let boxed = Box::new(inner);
            inner = self.node(if sign == "!" { Node::Not(boxed) } else { Node::Negate(boxed) }, at)?;
        }
        if negative_literal {
            inner.at = at;
        }
        Ok(inner)
    }

    /// Parses a primary with its fields, indexes and calls.
    fn member(&mut self, negative: bool) -> Parsed<Expr> {
        let start = self.here();
        let mut base = self.primary(negative)?;
        loop {
            if self.eat(".") {
                let name = self.name()?;
                let node = if self.eat("(") {
                    let arguments = self.list_until(")")?;
                    Node::Call(Some(Box::new(base)), name, arguments)
                } else {
                    Node::Field(Box::new(base), name)
                };
                let at = self.since(start);
                base = self.node(node, at)?;
            } else if self.eat("[") {
                let index = self.expr()?;
                self.expect("]")?;
                let at = self.since(start);
                base = self.node(Node::Index(Box::new(base), Box::new(index)), at)?;
            } else {
                return Ok(base);
            }
        }
    }

    fn name(&mut self) -> Parsed<Name> {
        let at = self.here();
        match self.peek() {
            Kind::Name(name) => {
                let text = (*name).to_owned();
                self.next += 1;
                Ok(Name { text, at })
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    fn primary(&mut self, negative: bool) -> Parsed<Expr> {
        let at = self.here();
        let node = match self.peek().clone() {
            Kind::Text(text) => Node::Text(text),
            Kind::Int(value) => Node::Int(self.int(value, negative, at)?),
            Kind::Name("null") => Node::Null,
            Kind::Name("true") => Node::Bool(true),
            Kind::Name("false") => Node::Bool(false),
            Kind::Name(word) if RESERVED.contains(&word) => return Err(self.unexpected("a value")),
            Kind::Name(word) => {
                self.next += 1;
                let text = word.to_owned();
                if !self.eat("(") {
                    return self.node(Node::Name(text), at);
                }
                let arguments = self.list_until(")")?;
                let whole = self.since(at);
                return self.node(Node::Call(None, Name { text, at }, arguments), whole);
            }
            Kind::Sign("(") => {
                self.next += 1;
                let inner = self.expr()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Kind::Sign("[") => {
                self.next += 1;
                let items = self.list_until("]")?;
                let whole = self.since(at);
                return self.node(Node::List(items), whole);
            }
            Kind::Sign(_) | Kind::End => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        self.node(node, at)
    }

    fn int(&self, value: u64, negative: bool, at: At) -> Parsed<i64> {
        let signed = i128::from(value) * if negative { -1 } else { 1 };
        i64::try_from(signed).map_err(|_| {
            Problem::new("expr-syntax", at, "the number is too large").hint(format!(
                "integers go from {} to {}",
                i64::MIN,
                i64::MAX
            ))
        })
    }

    /// Parses expressions separated by commas, up to the closing sign. A comma may follow the last one.
    fn list_until(&mut self, close: &'static str) -> Parsed<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.eat(close) {
            if !items.is_empty() {
                if !self.eat(",") {
                    return Err(self.unexpected(&format!("`,` or `{close}`")));
                }
                if close == "]" && self.eat(close) {
                    break;
                }
            }
            items.push(self.expr()?);
        }
        Ok(items)
    }
}

//! Source text to tokens. The lexical rules are those of CEL, without bytes, floating point and triple quotes.

use super::problem::{At, Problem};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    Name(&'s str),
    /// The number without its sign, so that the smallest integer can be written.
    Int(u64),
    Text(String),
    Sign(&'static str),
    End,
}

#[derive(Debug, Clone)]
pub(super) struct Token<'s> {
    pub kind: Kind<'s>,
    pub at: At,
}

/// The longer signs come before their own beginnings.
const SIGNS: [&str; 22] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")",
    "[", "]",
];

/// All tokens of a text below the size limit, the last of them [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Problem> {
    let mut lexer = Lexer { text, at: 0 };
    let mut found = Vec::new();
    loop {
        lexer.skip_space();
        let start = lexer.at;
        let kind = lexer.token()?;
        let done = kind == Kind::End;
        found.push(Token { kind, at: At::new(start, lexer.at) });
        if done {
            return Ok(found);
        }
    }
}

struct Lexer<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Takes characters as long as `belongs` is true.
    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn problem(&self, start: usize, message: impl Into<String>) -> Problem {
        Problem::new("expr-syntax", At::new(start, self.at.max(start)), message)
    }

    fn skip_space(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Kind<'s>, Problem> {
        let start = self.at;
        let Some(first) = self.peek() else {
            return Ok(Kind::End);
        };
        if first == '"' || first == '\'' {
            return self.string(start, false);
        }
        if first.is_ascii_digit() {
            return self.number(start);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            let quoted = matches!(self.peek(), Some('"' | '\''));
            return match name {
                "r" | "R" if quoted => self.string(start, true),
                "b" | "B" | "br" | "rb" | "bR" | "Rb" | "BR" | "RB" | "Br" | "rB" if quoted => {
                    Err(self.problem(start, "bytes are not part of this language"))
                }
                _ => Ok(Kind::Name(name)),
            };
        }
        if let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            self.at += sign.len();
            return Ok(Kind::Sign(sign));
        }
        self.next();
        Err(unexpected(self.problem(start, format!("`{first}` cannot stand here")), first))
    }

    fn number(&mut self, start: usize) -> Result<Kind<'s>, Problem> {
        let digits = self.take_while(|c| c.is_ascii_alphanumeric());
        let fraction = digits.bytes().all(|b| b.is_ascii_digit())
            && self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit());
        let exponent = !digits.starts_with("0x")
            && digits.contains(['e', 'E'])
            && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'e' | b'E'));
        if fraction || exponent {
            self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
            return Err(self
                .problem(start, "only whole numbers are part of this language")
                .hint("write a decimal as a string"));
        }
        let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        match value {
            Ok(value) if value <= i64::MAX as u64 + 1 => Ok(Kind::Int(value)),
            _ if digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > 2 && value.is_ok() => Err(self
                .problem(start, "the number is too large")
                .hint(format!("integers go from {} to {}", i64::MIN, i64::MAX))),
            _ => Err(self.problem(start, format!("`{digits}` is not a number"))),
        }
    }

    fn string(&mut self, start: usize, raw: bool) -> Result<Kind<'s>, Problem> {
        let Some(quote) = self.next() else {
            return Err(self.problem(start, "a string was expected"));
        };
        if self.rest().starts_with([quote]) && self.rest()[1..].starts_with([quote]) {
            self.at += 2;
            return Err(self.problem(start, "strings with three quotes are not part of this language"));
        }
        let mut text = String::new();
        loop {
            let here = self.at;
            match self.next() {
                None | Some('\n' | '\r') => {
                    self.at = here;
                    return Err(self.problem(start, "the string is not closed").hint(format!(
                        "it needs a {quote} at its end, on the same line; within it, write \\{quote}"
                    )));
                }
                Some(c) if c == quote => return Ok(Kind::Text(text)),
                Some('\\') if !raw => text.push(self.escape(here)?),
                Some(c) => text.push(c),
            }
        }
    }

    /// The character of an escape sequence, after the backslash (CEL specification, "String and Bytes Values").
    fn escape(&mut self, start: usize) -> Result<char, Problem> {
        let simple = match self.next() {
            Some('a') => '\x07',
            Some('b') => '\x08',
            Some('f') => '\x0c',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\x0b',
            Some(same @ ('\\' | '?' | '"' | '\'' | '`')) => same,
            Some('x' | 'X') => return self.code_point(start, 2, 16),
            Some('u') => return self.code_point(start, 4, 16),
            Some('U') => return self.code_point(start, 8, 16),
            Some('0'..='3') => {
                self.at -= 1;
                return self.code_point(start, 3, 8);
            }
            other => {
                let shown = other.map(String::from).unwrap_or_default();
                return Err(self
                    .problem(start, format!("`\\{shown}` is not an escape sequence"))
                    .hint("write r\"…\" for a string in which \\ stands for itself, such as a pattern"));
            }
        };
        Ok(simple)
    }

    fn code_point(&mut self, start: usize, digits: usize, radix: u32) -> Result<char, Problem> {
        let hex = self.rest().get(..digits).unwrap_or_default();
        let value = if hex.bytes().all(|b| (b as char).is_digit(radix)) {
            u32::from_str_radix(hex, radix).ok().and_then(char::from_u32)
        } else {
            None
        };
        match value {
            Some(c) => {
                self.at += digits;
                Ok(c)
            }
            None => Err(self
                .problem(start, "the escape sequence does not stand for a character")
                .hint(format!("it needs {digits} digits of base {radix}"))),
        }
    }
}

/// Adds a hint for signs that are common in other languages.
fn unexpected(problem: Problem, first: char) -> Problem {
    match first {
        '=' => problem.hint("`==` compares"),
        '&' => problem.hint("`&&` is and"),
        '|' => problem.hint("`||` is or"),
        '“' | '”' | '„' | '‘' | '’' | '`' => {
            problem.hint("strings stand in straight quotes: \"…\" or '…'")
        }
        '{' | '}' => problem.hint("maps are not part of this language"),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> Result<String, String> {
        match tokens(source) {
            Ok(found) => match &found[0].kind {
                Kind::Text(text) => Ok(text.clone()),
                other => panic!("{source}: {other:?}"),
            },
            Err(problem) => Err(problem.message),
        }
    }

    #[test]
    fn strings_have_the_escapes_of_cel() {
        assert_eq!(text(r#""a\n\t\"\\\x41\u00e9\U0001F600\101""#).unwrap(), "a\n\t\"\\Aé😀A");
        assert_eq!(text(r#"r"\d+""#).unwrap(), r"\d+");
        assert_eq!(text(r"'it\'s'").unwrap(), "it's");
        for bad in
            [r#""\d""#, r#""\ud800""#, r#""\u12""#, r#""\400""#, "\"open", "'a\nb'", "\"\\", r#""\u+123""#]
        {
            assert!(text(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(tokens("9223372036854775808").unwrap()[0].kind, Kind::Int(1 << 63));
        assert_eq!(tokens("0xFF").unwrap()[0].kind, Kind::Int(255));
        for bad in ["9223372036854775809", "99999999999999999999999", "1.5", "1e5", "12ab", "1u", "0x", "0xG"]
        {
            assert!(tokens(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_position_is_a_byte_range() {
        let found = tokens("ä == 1");
        assert_eq!(found.unwrap_err().at, At::new(0, 2));
        let found = tokens("\"ä\" == x // rest").unwrap();
        assert_eq!(found[1].at, At::new(5, 7));
        assert_eq!(found.len(), 4);
    }
}

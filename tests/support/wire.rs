//! HTTP/1.1 on a blocking socket, for tests on loopback. It shares no code with the program.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// The longest wait for an answer: no answer on loopback takes so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest line of a head that is read, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// One complete request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Position in order of arrival, from 1; set by the proxy.
    pub number: usize,
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// One complete answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// Header fields in the order in which they were sent; case of names does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.remove(name);
        self.0.push((name.to_string(), value.to_string()));
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    fn has_token(&self, name: &str, token: &str) -> bool {
        self.get(name).is_some_and(|list| list.split(',').any(|item| item.trim().eq_ignore_ascii_case(token)))
    }
}

impl Request {
    pub fn new(method: &str, target: &str) -> Request {
        Request { method: method.to_string(), target: target.to_string(), ..Request::default() }
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// True if the sender wants to use this connection for more requests.
    pub fn keeps_alive(&self) -> bool {
        !self.headers.has_token("connection", "close")
    }
}

impl Response {
    pub fn new(status: u16) -> Response {
        Response { status, ..Response::default() }
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Response {
        self.headers.set(name, value);
        self
    }

    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Response {
        self.headers.set("Content-Type", media_type);
        self.body = body.into();
        self
    }

    pub fn json_body(self, body: &Value) -> Response {
        self.body("application/scim+json", body.to_string())
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends one request on a connection of its own and reads the answer.
pub fn exchange(server: SocketAddr, request: &Request) -> io::Result<Response> {
    let mut stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
    let mut answers = patient(&stream)?;
    let mut request = request.clone();
    request.headers.set("Connection", "close");
    write_request(&mut stream, &request)?;
    read_response(&mut answers, &request.method)
}

/// The next request on a connection; none if the other side has closed it between two requests.
pub fn read_request(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let Some(line) = read_line(from)? else {
        return Ok(None);
    };
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(_)) = (words.next(), words.next(), words.next()) else {
        return Err(broken(format!("not a request line: {line:?}")));
    };
    let mut request = Request::new(method, target);
    request.headers = read_headers(from)?;
    request.body = match framing(&request.headers)? {
        Framing::Chunked => read_chunks(from)?,
        Framing::Length(length) => read_exactly(from, length)?,
        Framing::Unsaid => Vec::new(),
    };
    Ok(Some(request))
}

/// The answer to a request with this method.
pub fn read_response(from: &mut impl BufRead, method: &str) -> io::Result<Response> {
    loop {
        let line = read_line(from)?.ok_or_else(|| broken("closed before an answer".to_string()))?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status: u16 = status.ok_or_else(|| broken(format!("not a status line: {line:?}")))?;
        let headers = read_headers(from)?;
        if (100..200).contains(&status) {
            continue;
        }
        let bodiless = method == "HEAD" || status == 204 || status == 304;
        let body = match framing(&headers)? {
            _ if bodiless => Vec::new(),
            Framing::Chunked => read_chunks(from)?,
            Framing::Length(length) => read_exactly(from, length)?,
            Framing::Unsaid => {
                let mut rest = Vec::new();
                from.read_to_end(&mut rest)?;
                rest
            }
        };
        return Ok(Response { status, headers, body });
    }
}

pub fn write_request(to: &mut impl Write, request: &Request) -> io::Result<()> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.target).into_bytes();
    let length = (!request.body.is_empty() || request.method != "GET").then_some(request.body.len());
    write_head(&mut bytes, &request.headers, length);
    bytes.extend_from_slice(&request.body);
    to.write_all(&bytes)?;
    to.flush()
}

/// Writes an answer, its body cut after `at_most` bytes while the head promises all of it.
pub fn write_response(to: &mut impl Write, response: &Response, at_most: usize) -> io::Result<()> {
    let mut bytes = format!("HTTP/1.1 {} -\r\n", response.status).into_bytes();
    let length = (response.status != 204 && response.status != 304).then_some(response.body.len());
    write_head(&mut bytes, &response.headers, length);
    bytes.extend_from_slice(&response.body[..response.body.len().min(at_most)]);
    to.write_all(&bytes)?;
    to.flush()
}

fn write_head(bytes: &mut Vec<u8>, headers: &Headers, length: Option<usize>) {
    for (name, value) in &headers.0 {
        let framing = ["content-length", "transfer-encoding", "keep-alive"];
        if !framing.contains(&name.to_ascii_lowercase().as_str()) {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
    }
    if let Some(length) = length {
        bytes.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
}

enum Framing {
    Chunked,
    Length(u64),
    Unsaid,
}

fn framing(headers: &Headers) -> io::Result<Framing> {
    if headers.has_token("transfer-encoding", "chunked") {
        return Ok(Framing::Chunked);
    }
    match headers.get("content-length") {
        Some(text) => {
            text.trim().parse().map(Framing::Length).map_err(|_| broken(format!("Content-Length: {text}")))
        }
        None => Ok(Framing::Unsaid),
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    from.take(MAX_LINE).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(broken("a line without an end".to_string()));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map(Some).map_err(|_| broken("a head that is not UTF-8".to_string()))
}

fn read_headers(from: &mut impl BufRead) -> io::Result<Headers> {
    let mut headers = Headers::default();
    loop {
        let line = read_line(from)?.ok_or_else(|| broken("closed within a head".to_string()))?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| broken(format!("not a header: {line:?}")))?;
        headers.0.push((name.to_string(), value.trim().to_string()));
    }
}

fn read_exactly(from: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(broken(format!("closed after {} of {length} bytes", body.len())));
    }
    Ok(body)
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(from)?.ok_or_else(|| broken("closed within chunks".to_string()))?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| broken(format!("chunk size {size:?}")))?;
        if size == 0 {
            read_headers(from)?;
            return Ok(body);
        }
        body.extend(read_exactly(from, size)?);
        read_line(from)?;
    }
}

fn broken(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

pub fn patient(stream: &TcpStream) -> io::Result<BufReader<TcpStream>> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream.try_clone()?))
}

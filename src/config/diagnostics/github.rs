//! Findings as workflow commands, which GitHub shows beside the lines of a pull request.

use crate::model::escape::escape;

use super::json::Finding;

/// One line per finding. `prefix` is the root's path from the repository's top, empty or ending with `/`.
pub fn github(findings: &[Finding], prefix: &str) -> String {
    findings.iter().map(|finding| line(finding, prefix)).collect()
}

fn line(finding: &Finding, prefix: &str) -> String {
    let mut properties = Vec::new();
    if let (Some(file), Some(line)) = (&finding.file, finding.line) {
        properties.push(format!("file={}", property(&escape(&format!("{prefix}{file}")))));
        properties.push(format!("line={line}"));
        // Columns may only be given if the place does not span lines.
        if let (Some(column), Some(end), true) =
            (finding.column, finding.end_column, finding.end_line == Some(line))
        {
            properties.push(format!("col={column}"));
            properties.push(format!("endColumn={end}"));
        }
    }
    properties.push(format!("title={}", property(finding.code)));
    let mut message = escape(&finding.message).into_owned();
    for hint in &finding.hints {
        message.push_str("\nhint: ");
        message.push_str(&escape(hint));
    }
    format!("::{} {}::{}\n", finding.severity, properties.join(","), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

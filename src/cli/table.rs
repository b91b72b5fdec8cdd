//! Tables for people.

use crate::render::escape;

/// Lines of cells. Each column is as wide as its widest cell, with two spaces between columns; the last column is not
/// filled up. Control characters are escaped.
pub(super) fn table(rows: &[Vec<String>], indent: usize) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| escape(cell).into_owned()).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(format!("{:indent$}{}", "", line.join("  ")).trim_end());
        out.push('\n');
    }
    out
}

/// `1 link`, `2 links`.
pub(super) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [
            vec!["ada".to_owned(), "1".to_owned(), String::new()],
            vec!["grace\u{7}".to_owned(), "22".to_owned(), "x".to_owned()],
        ];
        assert_eq!(table(&rows, 2), "  ada         1\n  grace\\u{7}  22  x\n");
    }
}

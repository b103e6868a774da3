//! Rows of cells as CSV.
//!
//! Owns the form: RFC 4180 with CRLF, UTF-8 without a byte-order mark. A cell that a spreadsheet would run as a
//! formula gets an apostrophe before it, and so does one that begins with an apostrophe; whoever reads the file back
//! takes one leading apostrophe away.

/// Signs that begin a formula in a spreadsheet, also in their wide forms.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A table; the first row holds the names of the columns.
pub fn table<'a>(rows: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(text: &str) -> String {
    let guard = if text.starts_with('\'') || text.starts_with(FORMULA) { "'" } else { "" };
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
        false => format!("{guard}{text}"),
    }
}

/// The cells of a table, as the tests read them back.
#[cfg(test)]
pub fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, quoted) {
            ('"', true) if signs.peek() == Some(&'"') => cell.extend(signs.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) if signs.peek() == Some(&'\n') => {
                signs.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (sign, _) => cell.push(sign),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "every row ends with CRLF");
    let plain = |cell: String| cell.strip_prefix('\'').map_or(cell.clone(), str::to_owned);
    rows.into_iter().map(|row| row.into_iter().map(plain).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_survive_the_way_out_and_back() {
        let cells = [
            "plain",
            "",
            "a,b",
            "say \"x\"",
            "two\r\nlines",
            "=1+1",
            "+49 30",
            "-1",
            "@SUM(A1)",
            "\tx",
            "'quoted'",
            "＝1",
            "ü – ß",
            "=HYPERLINK(\"x\",\"y\")",
            "\"",
            "''",
        ];
        let text = table([cells.to_vec(), vec!["x"; cells.len()]]);
        let back = read(&text);
        assert_eq!(back[0], cells);
        assert_eq!(back.len(), 2);
    }

    #[test]
    fn no_cell_begins_a_formula() {
        let text = table([vec!["=1", "+1", "-1", "@x", "=cmd|' /C calc'!A0,1"]]);
        assert_eq!(text, "'=1,'+1,'-1,'@x,\"'=cmd|' /C calc'!A0,1\"\r\n");
    }
}

//! The rows of a register as CSV.
//!
//! Owns the format: RFC 4180 with CRLF, in UTF-8 without a byte-order mark. A cell gets a leading apostrophe if a
//! spreadsheet would run it as a formula, or if it begins with an apostrophe itself; a program that reads the file
//! removes one leading apostrophe. A page has two columns, its title and its URL. Columns of records are left out:
//! they are in the JSON file.

use crate::site::Site;
use crate::site::registers::table::{CellValue, FileRows};

/// Joins the items of a list in one cell.
const SEPARATOR: &str = "; ";

/// Characters that begin a formula in a spreadsheet, including their fullwidth forms.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnType {
    Text,
    Page,
    /// Records, which are not in the file.
    LeftOut,
}

/// The first list as a table. Its first row holds the names of the columns.
pub(super) fn table(site: &Site, data: FileRows<'_>) -> String {
    let Some(list) = data.lists.into_iter().next() else { return String::new() };
    // A column of pages has two cells in each row, so all types must be known before the first row is written.
    let mut types = Vec::new();
    for column in 0..list.keys.len() {
        types.push(column_type(list.rows.iter().map(|row| &row[column])));
    }
    let mut text = String::new();
    let mut names = Vec::new();
    for (key, column_type) in list.keys.iter().zip(&types) {
        match column_type {
            ColumnType::Text => names.push(key.to_string()),
            ColumnType::Page if key == "page" => names.extend(["page".to_owned(), "url".to_owned()]),
            ColumnType::Page => names.extend([key.to_string(), format!("{key}_url")]),
            ColumnType::LeftOut => {}
        }
    }
    push_row(&mut text, &names);
    for row in &list.rows {
        let mut cells = Vec::new();
        for (value, column_type) in row.iter().zip(&types) {
            match (column_type, value) {
                (ColumnType::LeftOut, _) => {}
                (ColumnType::Page, CellValue::Page(id)) => {
                    let page = site.page(*id);
                    let base = site.config.base_url.as_deref().unwrap_or("/");
                    cells.extend([
                        page.page.title.clone(),
                        format!("{base}{}", site.config.web_path(&page.url)),
                    ]);
                }
                // Without a page the address stays empty, so that the cells after it keep their column.
                (ColumnType::Page, value) => cells.extend([value_text(site, value), String::new()]),
                (ColumnType::Text, value) => cells.push(value_text(site, value)),
            }
        }
        push_row(&mut text, &cells);
    }
    text
}

/// The type of a column. A single page or record among its values decides it.
fn column_type<'a>(values: impl Iterator<Item = &'a CellValue<'a>>) -> ColumnType {
    for value in values {
        match value {
            CellValue::Page(_) => return ColumnType::Page,
            CellValue::Map(_) => return ColumnType::LeftOut,
            CellValue::List(items) if items.iter().any(|item| matches!(item, CellValue::Map(_))) => {
                return ColumnType::LeftOut;
            }
            _ => {}
        }
    }
    ColumnType::Text
}

fn value_text(site: &Site, value: &CellValue<'_>) -> String {
    match value {
        CellValue::None | CellValue::Map(_) => String::new(),
        CellValue::Text(text) => text.to_string(),
        CellValue::Number(number) => number.to_string(),
        CellValue::Flag(true) => "yes".to_owned(),
        CellValue::Flag(false) => "no".to_owned(),
        CellValue::Date(date) => date.to_string(),
        CellValue::Page(id) => site.page(*id).page.title.clone(),
        CellValue::List(items) => {
            let texts: Vec<String> = items.iter().map(|item| value_text(site, item)).collect();
            texts.join(SEPARATOR)
        }
    }
}

fn push_row(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

fn cell(text: &str) -> String {
    let guard = if text.starts_with('\'') || text.starts_with(FORMULA) { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// Reads the cells of a table back, for tests.
#[cfg(test)]
pub fn parse_rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) if chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (char, _) => cell.push(char),
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
        let mut text = String::new();
        push_row(&mut text, &cells.map(str::to_owned));
        push_row(&mut text, &vec!["x".to_owned(); cells.len()]);
        let back = parse_rows(&text);
        assert_eq!(back[0], cells);
        assert_eq!(back.len(), 2);
    }

    #[test]
    fn no_cell_begins_a_formula() {
        let mut text = String::new();
        push_row(&mut text, &["=1", "+1", "-1", "@x", "=cmd|' /C calc'!A0,1"].map(str::to_owned));
        assert_eq!(text, "'=1,'+1,'-1,'@x,\"'=cmd|' /C calc'!A0,1\"\r\n");
    }
}

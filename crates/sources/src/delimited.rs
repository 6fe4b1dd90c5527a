//! Tables as text: fields between separators, some of them in quotes.

use std::borrow::Cow;

/// Text in UTF-8, with or without a byte order mark, else in ISO-8859-1, where every byte is the
/// character of that number.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The separator of a table with this header: what follows the first field.
pub(crate) fn separator(header: &str) -> Option<char> {
    let rest = match header.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?.1,
        None => header.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
    };
    rest.chars().next().filter(|c| [',', ';', '\t', '|'].contains(c))
}

/// One record of a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// The line it begins on, from 1.
    pub(crate) line: u64,
    /// Its fields, without their quotes.
    pub(crate) fields: Vec<Cow<'a, str>>,
    /// Whether its quotes are in order. In a file that was cut off they may not be.
    pub(crate) is_whole: bool,
}

/// The records of a table, blank lines left out. A field in quotes may hold separators, line breaks
/// and, doubled, quotes.
pub(crate) struct Records<'a> {
    rest: &'a str,
    separator: char,
    line: u64,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, separator: char) -> Self {
        Self { rest: text, separator, line: 1 }
    }

    /// One field, and whether its quotes are in order.
    fn field(&mut self) -> (Cow<'a, str>, bool) {
        let ends = |c: char| c == self.separator || c == '\n';
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at(end);
            self.rest = rest;
            return (Cow::Borrowed(field.trim_end_matches('\r')), true);
        };
        let Some(end) = closing_quote(quoted) else {
            self.line += line_breaks(quoted);
            self.rest = "";
            return (Cow::Borrowed(quoted), false);
        };
        let (field, rest) = (&quoted[..end], &quoted[end + 1..]);
        self.line += line_breaks(field);
        // Nothing belongs between the closing quote and the separator.
        let gap = rest.find(ends).unwrap_or(rest.len());
        let is_whole = rest[..gap].trim().is_empty();
        self.rest = &rest[gap..];
        let field =
            if field.contains('"') { field.replace("\"\"", "\"").into() } else { field.into() };
        (field, is_whole)
    }
}

/// Where the quote is that is not one of a pair.
fn closing_quote(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find('"')?;
        if !text[at + 1..].starts_with('"') {
            return Some(at);
        }
        from = at + 2;
    }
}

fn line_breaks(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let mut record = Record { line: self.line, fields: Vec::new(), is_whole: true };
            loop {
                let (field, is_whole) = self.field();
                record.fields.push(field);
                record.is_whole &= is_whole;
                match self.rest.strip_prefix(self.separator) {
                    Some(rest) => self.rest = rest,
                    None => break,
                }
            }
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
            self.line += 1;
            let is_blank = record.fields.iter().all(|field| field.trim().is_empty());
            if record.fields.len() > 1 || !is_blank {
                return Some(record);
            }
        }
    }
}
